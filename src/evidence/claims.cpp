// SPDX-License-Identifier: MIT
#include "evidence/claims.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "salient/explainer/numbers.hpp"

namespace salient::evidence {

const std::array<claim, 12> all_claims{
    claim{"noisy",
          "Noisy",
          "Adjacent pixels of the image have unrelated values.",
          figure::roughness,
          {true, 0.5},
          "More than half as rough as the same values in random order.",
          {"noisy"},
          {}},
    claim{"full_resolution",
          "Full resolution",
          "Adjacent pixels have values of their own.",
          figure::detail,
          {true, 0.1},
          "Random values at half of the image's resolution, enlarged, reach 0.1. How many values a map has "
          "does not decide: a window that is moved over every pixel leaves a value there, and no detail.",
          {"full resolution", "a value for every pixel"},
          {"coarse"}},
    claim{"violates_sensitivity",
          "Violates sensitivity",
          "Pixels, or squares of a large image, that decide the score alone can have no value in the map.",
          figure::blind,
          {true, 0.05},
          "One in twenty of those that count alone is missed. One pixel violates the axiom; the claim "
          "asks whether it happens often.",
          {"saturated the", "blind to saturated"},
          {"sees saturated"}},
    claim{"class_discriminative",
          "Separates classes",
          "Asked about another class, the map of the same image is another one.",
          figure::class_correlation,
          {false, 0.5},
          "Two maps with a correlation of 0.5 share a quarter of their variance.",
          {"separates classes"},
          {"same for every class", "same picture for every class"}},
    claim{"points_at_its_class",
          "Points at its class",
          "Of two objects in one image, the map points at the one whose class was asked about.",
          figure::pointing,
          {true, 0.75},
          "A second figure for the claim that a method separates classes. Half of the times is chance, and "
          "three quarters are half of the way from there to always.",
          {"separates classes"},
          {"same for every class", "same picture for every class"}},
    claim{"hardly_about_the_image",
          "Hardly about the image",
          "Maps of different images for one class look alike.",
          figure::image_correlation,
          {true, 0.5},
          "Two maps with a correlation of 0.5 share a quarter of their variance.",
          {"hardly about this image"},
          {}},
    claim{"drops_negative_evidence",
          "Drops negative evidence",
          "What speaks against the class is not negative in the map.",
          figure::against,
          {false, 0.5},
          "Less is marked as negative than a coin would mark. A coarse map cannot mark single pixels, so "
          "it counts as dropping them, whatever its signs.",
          {"drops evidence against", "evidence against the class stays lost", "drops negative",
           "from what speaks against it"},
          {"keeps its sign", "signed"}},
    claim{"needs_many_passes",
          "Needs many passes",
          "One map takes many runs of the network.",
          figure::passes,
          {true, 10},
          "Ten is a round number. Counted, not timed.",
          {"dozens of", "hundreds of", "thousands of", "for every map", "for every window"},
          {"one pass", "one backward pass", "no backward pass", "costs no more"}},
    claim{"adds_up",
          "Adds up",
          "The values sum to the change of the score since the baseline, or, of FullGrad, the parts behind "
          "its picture to the score.",
          figure::gap,
          {false, 0.05},
          "The sum misses the change by a twentieth at most.",
          {"measures its own error", "signed and complete", "add up to the score"},
          {}},
    claim{"depends_on_the_parameters",
          "Depends on the parameters",
          "A network that has forgotten what it learned has other maps.",
          figure::parameters_half,
          {false, 0.5},
          "With half of the layers redrawn, predictions are chance; a map that is still alike does not "
          "explain them.",
          {},
          {"edge detector"}},
    claim{"better_than_chance",
          "Better than chance",
          "Removing what the map points at lowers the probability sooner than removing random pixels.",
          figure::deletion_gain,
          {true, 0, true},
          "Compared image by image with random values in place of the map.",
          {},
          {}},
    claim{"orders_pixels",
          "Orders pixels",
          "Without its most relevant pixels the image loses more than without its least relevant ones.",
          figure::road_gain,
          {true, 0, true},
          "A second figure for the claim that a method is better than chance, in which removed pixels are "
          "filled in. Deletion leaves holes of one colour, whose shape may say more than what is missing.",
          {},
          {}},
};

std::string text_of(const rule& r) {
  const std::string threshold = explainer::number(r.threshold);
  if (r.beyond) return std::string("holds ") + (r.at_least ? "above " : "below ") + threshold;
  return "holds from " + threshold + (r.at_least ? " up" : " down");
}

verdict judge(const rule& r, const metrics::estimate& e) {
  if (!e.mean) return verdict::no_figure;
  if (!e.within) return verdict::open;
  // How far it is on the claim's side.
  const double low = r.at_least ? e.within->low - r.threshold : r.threshold - e.within->high;
  const double high = r.at_least ? e.within->high - r.threshold : r.threshold - e.within->low;
  if (r.beyond ? low > 0 : low >= 0) return verdict::holds;
  if (r.beyond ? high <= 0 : high < 0) return verdict::fails;
  return verdict::open;
}

std::string_view word_of(verdict v) {
  switch (v) {
    case verdict::holds:
      return "yes";
    case verdict::fails:
      return "no";
    case verdict::open:
      return "open";
    default:
      return "";
  }
}

metrics::estimate estimate_of(const measured& m, figure f) {
  return metrics::mean_over_images(m[f], words_of(f).values);
}

metrics::estimate paired_difference(const measured& a, const measured& b, figure f) {
  constexpr double rounding = 1e-5;  // of sums in float32, relative to the values
  metrics::values differences;
  for (std::size_t n = 0; n < std::min(a[f].size(), b[f].size()); ++n) {
    if (!a[f][n] || !b[f][n]) continue;
    const double one = *a[f][n], other = *b[f][n], d = one - other;
    differences.emplace_back(std::abs(d) <= rounding * std::max(std::abs(one), std::abs(other)) ? 0 : d);
  }
  return metrics::mean_over_images(differences, words_of(f).values.of_differences());
}

int rank_of(const network_results& n, std::size_t method, figure f) {
  const better direction = words_of(f).direction;
  const auto has_mean = [&](std::size_t m) {
    return n.methods[m] && estimate_of(*n.methods[m], f).mean.has_value();
  };
  if (direction == better::none || !has_mean(method)) return 0;
  const rule exceeds{direction == better::larger, 0, true};
  int rank = 1;
  for (std::size_t m = 0; m < n.methods.size(); ++m)
    if (m != method && has_mean(m) &&
        judge(exceeds, paired_difference(*n.methods[m], *n.methods[method], f)) == verdict::holds)
      ++rank;
  return rank;
}

std::string_view word_on_all(const results& r, std::size_t method, const claim& c) {
  std::string_view all;
  for (const network_results& n : r.networks) {
    if (!n.methods[method]) continue;
    const std::string_view one = word_of(judge(c.holds, estimate_of(*n.methods[method], c.stands)));
    if (one.empty()) continue;
    if (!all.empty() && all != one) return "mixed";
    all = one;
  }
  return all;
}

namespace {

/// Whether a phrase stands somewhere in a text, and not behind a word that turns it round.
bool claims(std::string_view text, std::string_view phrase) {
  for (std::size_t at = text.find(phrase); at != std::string_view::npos; at = text.find(phrase, at + 1)) {
    const std::string_view before = text.substr(0, at);
    if (std::ranges::none_of(std::array{"less ", "no ", "not ", "hardly "},
                             [&](std::string_view word) { return before.ends_with(word); }))
      return true;
  }
  return false;
}

}  // namespace

int said_in(const claim& c, std::string_view words) {
  std::string text(words);
  std::ranges::transform(text, text.begin(),
                         [](unsigned char l) { return static_cast<char>(std::tolower(l)); });
  const auto any = [&](const auto& phrases) {
    return std::ranges::any_of(phrases, [&](std::string_view p) { return !p.empty() && claims(text, p); });
  };
  return any(c.said) ? 1 : any(c.denied) ? -1 : 0;
}

int said_of(const claim& c, std::size_t method) {
  const method_words& words = all_measurable()[method].words;
  return said_in(c, std::string(words.good) + " " + std::string(words.bad));
}

std::vector<difference> differences(const results& r) {
  std::vector<difference> all;
  for (const std::size_t m : r.methods)
    for (const claim& c : all_claims) {
      const int said = said_of(c, m);
      if (said == 0) continue;
      difference d{m, &c, said > 0, {}};
      for (const network_results& n : r.networks)
        if (n.methods[m] && judge(c.holds, estimate_of(*n.methods[m], c.stands)) ==
                                (said > 0 ? verdict::fails : verdict::holds))
          d.networks.push_back(&n);
      if (!d.networks.empty()) all.push_back(std::move(d));
    }
  return all;
}

}  // namespace salient::evidence
