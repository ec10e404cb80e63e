// SPDX-License-Identifier: MIT
#include "evidence/page.hpp"

#include <algorithm>

#include "evidence/claims.hpp"
#include "evidence/measure.hpp"
#include "evidence/pairs.hpp"
#include "evidence/shape_figures.hpp"
#include "evidence/tables.hpp"
#include "evidence/times.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/explainer/sheet_maps.hpp"
#include "salient/io/png.hpp"
#include "salient/view/report.hpp"
#include "salient/view/sheet.hpp"

namespace salient::evidence {
namespace {

std::string title_of(std::size_t method) { return std::string(all_measurable()[method].words.title); }

std::string names_of(const results& r) {
  std::string names;
  for (std::size_t i = 0; i < r.networks.size(); ++i)
    names += (i == 0 ? "" : i + 1 < r.networks.size() ? ", " : " and ") + r.networks[i].name;
  return names;
}

/// "3", "3 read as 5", or what the network reads where nobody knows.
std::string reading(const results& r, const example& e) {
  const int label = r.of.labels[e.image];
  if (label < 0) return "read as " + r.name_of(e.predicted);
  return r.name_of(label) + (label == e.predicted ? "" : "\nread as " + r.name_of(e.predicted));
}

/// How much pictures are enlarged: to some hundred pixels.
int magnify_for(shape image) { return std::max(1, 96 / std::max(image.height, image.width)); }

/// The two examples side by side: the image, then a map by each method.
picture sheet_of(const results& r, const network_results& n) {
  salient::sheet sheet{
      .title = n.name, .caption = {}, .columns = {}, .rows = {}, .magnify = 1, .text_scale = 2};
  const int magnify = magnify_for(r.of.images.extent);
  sheet_row inputs{"Input", {}};
  for (const example& e : n.examples) {
    sheet.columns.push_back(e.title + "\n" + reading(r, e) + "\n" + r.of.names[e.image]);
    inputs.cells.push_back(explainer::input_picture(r.of.images, static_cast<long>(e.image), magnify));
  }
  sheet.rows.push_back(std::move(inputs));
  for (const std::size_t m : r.methods) {
    if (!n.methods[m]) continue;
    sheet_row row{title_of(m), {}};
    for (const example& e : n.examples)
      row.cells.push_back(explainer::map_picture(all_measurable()[m].words, e.maps[m], 0, r.of.images,
                                                 static_cast<long>(e.image), magnify));
    sheet.rows.push_back(std::move(row));
  }
  return draw(sheet);
}

void add_claims(report& to, const results& r) {
  to.section("The claims")
      .paragraph(
          "Each claim is decided by one figure. \"Yes\": the whole 95 % interval of its mean lies where "
          "the claim holds. \"No\": the whole interval lies where it does not. \"Open\": it lies on both "
          "sides, or too few images have a value. Then come the mean with its interval, as \"mean ± half "
          "width\" or, where the mean is not in the middle, as \"mean (low to high)\", and the method's "
          "place "
          "among those of the network, where one direction is better: one more than the methods that are "
          "better, image by image, beyond the interval of the differences, so that several may share a "
          "place. [12]: the figure is undefined for 12 images, most often because a map is empty. A dash: "
          "the method has no such figure, or does not run on the network.");
  for (const claim& c : all_claims) {
    to.subsection(c.title)
        .paragraph(c.sentence)
        .facts(
            {{"Figure", std::string(words_of(c.stands).title) + ". " + std::string(words_of(c.stands).does)},
             {"Rule", "It " + text_of(c.holds) + ". " + std::string(c.why)}});
    if (const table t = claim_table(r, c); !t.rows.empty())
      to.add(t);
    else
      to.paragraph("No method has this figure on these networks and images.");
  }
}

/// Of claims about one method: where its figure contradicts the words.
std::string places_text(const std::vector<const network_results*>& networks, const auto& figure_on) {
  std::string where;
  for (const network_results* n : networks)
    where += (where.empty() ? "" : ", ") + n->name + " at " + cell_text(figure_on(*n));
  return where;
}

void add_differences(report& to, const results& r) {
  to.section("Where words and figures differ");
  const auto all = differences(r);
  if (all.empty()) {
    to.paragraph("Nowhere: no figure contradicts what the library says of these methods.");
    return;
  }
  to.paragraph(
      "What the library says of a method is about methods in general. On these networks and images the "
      "figures contradict it here:");
  std::vector<fact> facts;
  for (const difference& d : all) {
    const std::string where = places_text(
        d.networks, [&](const auto& n) { return estimate_of(*n.methods[d.method], d.claim->stands); });
    const std::string claim = "\"" + std::string(d.claim->title) + "\"";
    facts.push_back({title_of(d.method), d.said ? claim + " is said, and does not hold on " + where + "."
                                                : claim + " is denied, and holds on " + where + "."});
  }
  to.facts(facts);
}

void add_comparisons(report& to, const results& r) {
  const table t = comparisons_table(r);
  if (t.rows.empty()) return;
  to.section("Comparisons")
      .paragraph(
          "What is said of a method beside another, and the difference of the figure, image by image, with "
          "its 95 % interval. Roughness decides what is noisier, the correlation of two classes' maps what "
          "separates them, the largest move what changes less, and blind spots what is blind.")
      .add(t);
}

void add_times(report& to, const results& r) {
  to.section("Time")
      .paragraph(
          "Milliseconds for one map of one image, forward pass included: the median of nine; and the "
          "device's "
          "memory for it, beside the parameters: a session that serves every method, and what the method "
          "takes "
          "for itself. Times differ "
          "from run to run and machine to machine, so they stand apart: all else on this page is the same, "
          "to "
          "the last digit, for the same options. Measured on " +
          r.device + ".")
      .add(times_table(r))
      .subsection("Slow")
      .paragraph(slow_sentence)
      .facts({{"Figure",
               "How many times as long as the fastest method of the network: the mean of nine runs, with its "
               "95 % interval."},
              {"Rule", "It " + text_of(slow_rule) + ". Ten is a round number."}})
      .add(slow_table(r));
  std::vector<fact> facts;
  for (const slow_difference& d : slow_differences(r))
    facts.push_back({title_of(d.method),
                     (d.said ? "Said to be slow or to take many passes, and is not slow on " : "Slow on ") +
                         places_text(d.networks, [&](const auto& n) { return slowness(n, d.method); }) +
                         "."});
  if (!facts.empty()) to.paragraph("Where the library's words differ:").facts(facts);
}

/// How methods that draw at random are asked.
std::string random_text(const results& r) {
  return "Chance within a method. Methods that draw at random, such as SmoothGrad, RISE and Expected "
         "Gradients, "
         "have random numbers of their own for each image, which follow from the seed " +
         std::to_string(r.seed) +
         " and the image. So two images share no noise and no masks, while the maps of one image about two "
         "classes, and before and after parameters were redrawn, do. Expected Gradients start from the "
         "first " +
         std::to_string(std::min(most_baselines, r.of.images.batch)) +
         " images of the sample. RISE explains the class's probability, as its authors define it, and every "
         "other method the score before any softmax.";
}

void add_limits(report& to, const results& r) {
  const int side = cell_grid(r.of.images.extent).side;
  to.section("What the figures cannot tell")
      .paragraph(
          "Whether a map is right. Nobody knows which pixels a network really used; each figure is a "
          "substitute, and a method can be good by one and bad by another.")
      .paragraph("Anything about other images. These are " + r.of.about +
                 ". A removed pixel becomes what is zero in the network's input: black or, where the network "
                 "subtracts a mean, its colour. The network was never trained on images with removed pixels. "
                 "Maps of "
                 "a layer are coarser than the image, by as much as the network's strides and pools say." +
                 (side > 1 ? " Where a figure removes pixels by themselves, it removes squares of " +
                                 std::to_string(side) + " by " + std::to_string(side) + "."
                           : std::string()))
      .paragraph(
          "Which sign is meant. Deletion, insertion and the drop read a map with its signs, the most "
          "positive pixel first, also for methods such as Gradients whose sign says how a pixel should "
          "change rather than what it did.")
      .paragraph(
          "How tightly an object is found. Two images are squeezed to half of one each, such as these "
          "networks "
          "were not trained on. So only those pairs are asked about that the network recognises: both "
          "classes "
          "are its two most probable ones. Where these are less than a quarter of all, or fewer than ten, "
          "the "
          "network has no such figures. The mask is a half of the image, so that a coin scores a half.")
      .paragraph(
          "How a map changes with tiny changes. Infidelity removes whole squares, so that maps of gradients, "
          "which speak of small changes, are asked for more than they say; it takes every map at the scale, "
          "and the sign, that suits it best.")
      .paragraph(
          "More than the sample. Intervals are over images alone: " + std::to_string(r.of.names.size()) +
          " " + r.of.noun +
          ", for ROAD and the redrawn parameters the first 50 of them, for the largest move the first " +
          std::to_string(moved_images) +
          ". All share one set of trained weights per network, and five draws of the redrawn ones. One in "
          "twenty intervals misses its mean even so; with this many cells some verdicts are wrong by chance. "
          "A threshold is a choice: the figure beside the verdict says how near it was.")
      .paragraph(
          "Intervals of shares, such as how often a map points at the right half, are Wilson's. Those of "
          "other means are Student's, cut off where a figure has bounds. Where half of the images or more "
          "have the same value, the interval also allows for images that the sample is too small to hold, "
          "so that equal values of few images decide nothing.")
      .paragraph(random_text(r));
}

void add_words(report& to) {
  std::vector<fact> facts;
  for (const figure_words& f : all_figures)
    facts.push_back(
        {std::string(f.title), std::string(f.does) + (f.direction == better::smaller  ? " Smaller is better."
                                                      : f.direction == better::larger ? " Larger is better."
                                                                                      : "")});
  to.section("What the figures measure").facts(facts);
}

std::string described(const network_results& n) {
  const long two = static_cast<long>(n.classes) * (n.classes - 1) / 2;  // pairs of classes
  return std::to_string(n.parameters) + " parameters in " + std::to_string(n.layers) + " layers" +
         (n.accuracy ? "; reads " + explainer::percent(*n.accuracy) + " of the sample rightly" : "") +
         ". Of " + std::to_string(n.pairs) + " pairs of images side by side it recognises " +
         std::to_string(n.recognised) +
         (enough_pairs(n.recognised, n.pairs)
              ? ", which the figures of pairs are of."
              : ": too few to ask about, which are less than ten or than a quarter, for chance would name "
                "both of one in " +
                    std::to_string(two) + ".");
}

}  // namespace

std::string page_of(const results& r) {
  report page("What saliency methods are said to do, and what they do");
  page.lead("Each method was asked about the same " + std::to_string(r.of.names.size()) + " " + r.of.noun +
            " by " + names_of(r) + ". Every claim that is made of it is held against a figure.");
  page.section("At a glance")
      .paragraph(
          "Does the claim hold? \"Mixed\": on some networks, and not or perhaps on others. A dash: the "
          "method has no figure for the claim, or runs on none of these networks. The next section has the "
          "figures.")
      .add(summary_table(r));
  add_claims(page, r);
  add_comparisons(page, r);
  add_differences(page, r);

  std::vector<salient::figure> sheets;
  for (const network_results& n : r.networks)
    sheets.push_back({encode_png(sheet_of(r, n)),
                      "The most typical and the most different image for " + n.name +
                          ", with a map of each by every method",
                      "", 1, true});
  page.section("The most typical and the most different image")
      .paragraph(
          "The image whose figures are nearest to the means, and the one whose figures are farthest from "
          "them, for each network. Red: positive. Blue: negative. White: zero (of RISE and FullGrad: the "
          "least value). Each map is scaled by "
          "itself; maps of a layer are enlarged and laid over the image.")
      .figures(sheets);

  page.section("All figures")
      .paragraph(
          "Mean, 95 % interval over the images, and place among the methods. The row "
          "\"Random values\" is what values that know nothing reach; it takes no place. Figures are "
          "undefined for an image whose map is constant: a number in brackets says how many images were "
          "left out.");
  for (const network_results& n : r.networks)
    page.subsection(n.name).paragraph(described(n)).add(figures_table(r, n));
  add_words(page);
  add_limits(page, r);

  add_times(page, r);
  return page.html();
}

}  // namespace salient::evidence
