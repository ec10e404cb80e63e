// SPDX-License-Identifier: MIT
#include "evidence/claims.hpp"

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "evidence/comparisons.hpp"
#include "evidence/tables.hpp"
#include "evidence/times.hpp"
#include "evidence/typical.hpp"

namespace {

namespace evidence = salient::evidence;

using evidence::figure, evidence::verdict;

constexpr evidence::rule up{true, 0.5}, down{false, 0.5};

salient::metrics::estimate around(double mean, double margin) {
  return {mean, salient::metrics::interval{mean - margin, mean + margin}, 10, 0};
}

TEST(judge, asks_the_whole_interval) {
  const auto of = [](bool at_least, double mean, double margin) {
    return evidence::judge(at_least ? up : down, around(mean, margin));
  };
  EXPECT_EQ(of(true, 0.75, 0.25), verdict::holds);
  EXPECT_EQ(of(true, 0.75, 0.3), verdict::open);
  EXPECT_EQ(of(true, 0.25, 0.2), verdict::fails);
  EXPECT_EQ(of(false, 0.25, 0.25), verdict::holds);
  EXPECT_EQ(of(false, 0.25, 0.3), verdict::open);
  EXPECT_EQ(of(false, 0.75, 0.2), verdict::fails);
  // A mean need not be in the middle.
  EXPECT_EQ(evidence::judge(up, {0.9, salient::metrics::interval{0.4, 1}, 3, 0}), verdict::open);
  EXPECT_EQ(evidence::judge(down, {0.1, salient::metrics::interval{0, 0.5}, 3, 0}), verdict::holds);
  EXPECT_EQ(evidence::judge(up, {0.9, std::nullopt, 1, 0}), verdict::open);
  EXPECT_EQ(evidence::judge(up, {}), verdict::no_figure);
}

TEST(judge, takes_no_gain_for_a_gain) {
  const auto of = [](bool more, double mean, double margin) {
    return evidence::judge(evidence::rule{more, 0, true}, around(mean, margin));
  };
  EXPECT_EQ(of(true, 0.25, 0.125), verdict::holds);
  EXPECT_EQ(of(true, 0.25, 0.25), verdict::open);  // the interval reaches 0
  EXPECT_EQ(of(true, 0, 0), verdict::fails);
  EXPECT_EQ(of(true, -0.25, 0.25), verdict::fails);
  EXPECT_EQ(of(true, -0.25, 0.5), verdict::open);
  EXPECT_EQ(of(false, -0.25, 0.125), verdict::holds);
  EXPECT_EQ(of(false, -0.25, 0.25), verdict::open);
  EXPECT_EQ(of(false, 0, 0), verdict::fails);
  for (const evidence::claim& c : evidence::all_claims)
    EXPECT_EQ(c.holds.beyond, c.holds.threshold == 0) << c.name;
}

TEST(text_of, says_on_which_side_a_claim_holds) {
  EXPECT_EQ(evidence::text_of(up), "holds from 0.5 up");
  EXPECT_EQ(evidence::text_of(down), "holds from 0.5 down");
  EXPECT_EQ(evidence::text_of({true, 0, true}), "holds above 0");
  EXPECT_EQ(evidence::text_of({false, 0, true}), "holds below 0");
}

/// Values of images around a mean, no two alike.
salient::metrics::values spread(double mean) {
  salient::metrics::values all;
  for (int i = -5; i <= 5; ++i) all.emplace_back(mean * (1 + 1e-4 * i * std::abs(i)));
  return all;
}

/// Methods with such values of one figure.
evidence::network_results network(figure f, const std::vector<double>& means) {
  evidence::network_results n;
  for (std::size_t m = 0; m < means.size(); ++m) (n.methods[m].emplace())[f] = spread(means[m]);
  return n;
}

TEST(estimate_of, follows_what_the_figure_s_values_are) {
  evidence::measured m;
  // RISE points rightly in three pairs of three, SmoothGrad in one and a half of three.
  m[figure::pointing] = {1.0, 1.0, 1.0};
  EXPECT_EQ(evidence::judge({true, 0.75}, estimate_of(m, figure::pointing)), verdict::open);
  m[figure::pointing] = {1.0, 0.0, 0.5};
  EXPECT_GE(estimate_of(m, figure::pointing).within->low, 0);
  EXPECT_LE(estimate_of(m, figure::pointing).within->high, 1);
  // No image of 200 becomes more probable, and no pixel that counts is missed.
  for (const figure f : {figure::increase, figure::blind}) {
    m[f] = salient::metrics::values(200, 0);
    const auto none = estimate_of(m, f);
    EXPECT_EQ(none.within->low, 0);
    EXPECT_NEAR(none.within->high, 0.0185, 4e-4);
  }
  for (const figure f : {figure::average_drop, figure::negative_share, figure::roughness}) {
    m[f] = {0.0, 0.001, 0.002, 0.3};
    EXPECT_EQ(estimate_of(m, f).within->low, 0);
  }
  m[figure::class_correlation] = {1.0, 0.99, 0.98, 0.3};
  EXPECT_EQ(estimate_of(m, figure::class_correlation).within->high, 1);
  // Passes are counted: two images are as good as many.
  m[figure::passes] = {50.0, 50.0};
  EXPECT_EQ(evidence::judge({true, 10}, estimate_of(m, figure::passes)), verdict::holds);
}

TEST(cell_text, shows_intervals_alike) {
  const auto text = [](double mean, double low, double high) {
    return evidence::cell_text({mean, salient::metrics::interval{low, high}, 10, 0});
  };
  const std::string gap = "\u00a0";
  EXPECT_EQ(text(0.714, 0.692, 0.736), "0.71" + gap + "±" + gap + "0.02");
  EXPECT_EQ(text(0, 0, 0.0183), "0.000" + gap + "(0.000" + gap + "to" + gap + "0.018)");
  EXPECT_EQ(text(0.98, 0.9, 1), "0.98" + gap + "(0.90" + gap + "to" + gap + "1.00)");
  EXPECT_EQ(text(-0.001, -0.004, 0.002), "-0.001" + gap + "±" + gap + "0.003");
  EXPECT_EQ(text(50, 50, 50), "50");
  EXPECT_EQ(evidence::cell_text({0.5, std::nullopt, 1, 0}), "0.50");
  EXPECT_EQ(evidence::cell_text({}), "–");
}

TEST(rank_of, follows_the_direction_and_shares_places) {
  const auto smaller = network(figure::deletion, {0.3, 0.1, 0.3, 0.9});
  const auto larger = network(figure::insertion, {0.3, 0.1, 0.3, 0.9});
  const auto neither = network(figure::negative_share, {0.3, 0.1});
  const auto ranks = [](const evidence::network_results& n, figure f) {
    return std::vector{rank_of(n, 0, f), rank_of(n, 1, f), rank_of(n, 2, f), rank_of(n, 3, f)};
  };
  EXPECT_EQ(ranks(smaller, figure::deletion), (std::vector{2, 1, 2, 4}));
  EXPECT_EQ(ranks(larger, figure::insertion), (std::vector{2, 4, 2, 1}));
  EXPECT_EQ(rank_of(neither, 0, figure::negative_share), 0);
  EXPECT_EQ(rank_of(larger, 0, figure::deletion), 0);
}

TEST(rank_of, is_shared_by_methods_that_the_images_do_not_tell_apart) {
  evidence::network_results n;
  for (std::size_t m = 0; m < 3; ++m) n.methods[m].emplace();
  const auto of = [&](std::size_t m) -> salient::metrics::values& {
    return (*n.methods[m])[figure::deletion];
  };
  // The second is better in two images of three, and its mean is smaller; the third is worse in all.
  const auto image = [](double i) { return 0.001 * i; };
  for (int i = 0; i < 12; ++i) {
    of(0).emplace_back(0.5 + image(i));
    of(1).emplace_back((i % 3 < 2 ? 0.25 : 0.75) - image(i));
    of(2).emplace_back(0.75 + 2 * image(i));
  }
  of(0).emplace_back(), of(1).emplace_back(0), of(2).emplace_back();
  EXPECT_EQ(rank_of(n, 0, figure::deletion), 1);
  EXPECT_EQ(rank_of(n, 1, figure::deletion), 1);
  EXPECT_EQ(rank_of(n, 2, figure::deletion), 3);
  // A trace of rounding, of one sign in every image, is no difference.
  for (std::size_t i = 0; i < 12; ++i) of(1)[i] = *of(0)[i] * (1 - 1e-6);
  EXPECT_EQ(rank_of(n, 0, figure::deletion), 1);
  // Nor is one that is the same in each of three images: more may be otherwise.
  for (std::size_t m = 0; m < 3; ++m) of(m).resize(3);
  for (std::size_t i = 0; i < 3; ++i) of(2)[i] = *of(0)[i] + 0.1;
  EXPECT_EQ(rank_of(n, 2, figure::deletion), 1);
}

TEST(said_in, hears_no_claim_in_its_contrary) {
  const evidence::claim& noisy = evidence::all_claims[0];
  EXPECT_EQ(evidence::said_in(noisy, "Noisy. Simple."), 1);
  EXPECT_EQ(evidence::said_in(noisy, "As noisy as gradients"), 1);
  EXPECT_EQ(evidence::said_in(noisy, "Less noisy than gradients"), 0);
  EXPECT_EQ(evidence::said_in(noisy, "Not noisy; hardly noisy"), 0);
  EXPECT_EQ(evidence::said_in(noisy, "Less noisy, but noisy"), 1);
}

TEST(comparisons, compare_methods_of_the_list_by_words_that_the_library_uses) {
  for (const evidence::comparison& c : evidence::all_comparisons()) {
    ASSERT_LT(evidence::place_of(c.method), salient::methods_count) << c.sentence;
    ASSERT_LT(evidence::place_of(c.other), salient::methods_count) << c.sentence;
    const salient::method_words& words = salient::all_method_words[evidence::place_of(c.method)];
    EXPECT_NE((std::string(words.good) + words.bad.data()).find(c.said), std::string::npos) << c.sentence;
  }
}

TEST(comparisons, are_judged_by_differences_image_by_image) {
  const evidence::comparison less{"gradients", "gradients_x_input", "is less noisy", figure::roughness, false,
                                  ""};
  evidence::network_results n;
  EXPECT_EQ(evidence::judge(n, less), verdict::no_figure);
  n.methods[0].emplace(), n.methods[1].emplace();
  // Far apart from image to image, yet the first has always about 0.1 less.
  (*n.methods[0])[figure::roughness] = {0.1, 0.5, 0.9};
  (*n.methods[1])[figure::roughness] = {0.2, 0.601, 0.999};
  EXPECT_NEAR(*evidence::difference_of(n, less).mean, -0.1, 1e-12);
  EXPECT_EQ(evidence::judge(n, less), verdict::holds);
  auto more = less;
  more.more = true;
  EXPECT_EQ(evidence::judge(n, more), verdict::fails);
  // No difference decides nothing: images that the sample does not hold may differ.
  auto correlated = less;
  correlated.stands = figure::class_correlation;
  for (const std::size_t m : {0U, 1U}) (*n.methods[m])[figure::class_correlation] = spread(0.5);
  EXPECT_EQ(evidence::judge(n, correlated), verdict::open);
}

TEST(slowness, is_of_the_fastest_method_of_the_network) {
  evidence::results r;
  r.methods = {0, 1, 2};
  r.networks.emplace_back();
  evidence::network_results& n = r.networks[0];
  for (const std::size_t m : r.methods) n.methods[m].emplace();
  n.methods[0]->milliseconds = {3.0, 2.0, 2.0};  // the median is the time of the fastest
  n.methods[1]->milliseconds = {8.0, 10.0, 12.0};
  n.methods[2]->milliseconds = {60.0, 60.5, 61.0};
  EXPECT_NEAR(*evidence::slowness(n, 1).mean, 5, 1e-12);
  EXPECT_EQ(judge(evidence::slow_rule, evidence::slowness(n, 1)), verdict::fails);
  EXPECT_EQ(judge(evidence::slow_rule, evidence::slowness(n, 2)), verdict::holds);
  // The third, Integrated Gradients, is said to take dozens of passes, and the second is not slow.
  EXPECT_TRUE(evidence::slow_differences(r).empty());
  n.methods[1]->milliseconds = {60.0, 60.5, 61.0};
  const auto differ = evidence::slow_differences(r);
  ASSERT_EQ(differ.size(), 1U);
  EXPECT_EQ(differ[0].method, 1U);
  EXPECT_FALSE(differ[0].said);
  EXPECT_EQ(differ[0].networks, std::vector<const evidence::network_results*>{&n});
}

TEST(differences, are_found_where_the_words_claim_what_does_not_hold) {
  // Gradients are said to be noisy.
  evidence::results r;
  r.methods = {0};
  r.networks = {network(figure::roughness, {0.2}), network(figure::roughness, {0.9})};
  r.networks[0].name = "smooth";
  ASSERT_EQ(evidence::said_of(evidence::all_claims[0], 0), 1);
  const auto found = evidence::differences(r);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].claim->name, "noisy");
  ASSERT_EQ(found[0].networks.size(), 1U);
  EXPECT_EQ(found[0].networks[0]->name, "smooth");
  EXPECT_EQ(evidence::word_on_all(r, 0, evidence::all_claims[0]), "mixed");
}

TEST(claim_table, of_three_networks_may_be_wider_than_the_text) {
  evidence::results r;
  r.methods = {0};
  const auto table = [&] { return evidence::claim_table(r, evidence::all_claims[0]); };
  r.networks = {network(figure::roughness, {0.2}), network(figure::roughness, {0.9})};
  EXPECT_FALSE(table().wide);
  r.networks.push_back(network(figure::roughness, {0.5}));
  EXPECT_TRUE(table().wide);
  ASSERT_EQ(table().rows.size(), 1U);
  EXPECT_EQ(table().rows[0].size(), 4U);
}

TEST(claims, have_words_that_the_library_uses) {
  for (const evidence::claim& c : evidence::all_claims)
    for (const auto& phrases : {c.said, c.denied})
      for (const std::string_view phrase : phrases) {
        if (phrase.empty()) continue;
        evidence::claim alone = c;
        alone.said = {phrase};
        alone.denied = {};
        bool used = false;
        for (std::size_t m = 0; m < salient::methods_count; ++m) used = used || said_of(alone, m) != 0;
        EXPECT_TRUE(used) << c.name << ": " << phrase;
      }
}

/// What README says of a method, good and bad, on one line: of its own section or its row of a table.
std::string readme_of(const salient::method_words& words) {
  std::ifstream in(SALIENT_SOURCE_DIR "/README.md");
  const std::string all(std::istreambuf_iterator<char>(in), {});
  std::string title(words.title);
  if (const auto x = title.find(" x "); x != std::string::npos) title.replace(x, 3, " × ");
  std::string text;
  if (const auto row = all.find("\n| `" + std::string(words.name) + "` |"); row != std::string::npos) {
    std::size_t good = row;
    for (int bar = 0; bar < 3; ++bar) good = all.find('|', good + 1);
    text = all.substr(good, all.find('|', all.find('|', good + 1) + 1) - good);
  } else if (const auto heading = all.find("\n### " + title + "\n"); heading != std::string::npos) {
    const auto good = all.find("**Good:**", heading);
    text = all.substr(good, all.find("\n\n", good) - good);
  }
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

/// README makes no claim that the library's words do not make, so that figures are held against each.
TEST(claims, of_readme_are_those_that_are_judged) {
  for (std::size_t m = 0; m < salient::methods_count; ++m) {
    const salient::method_words& words = salient::all_method_words[m];
    const std::string text = readme_of(words);
    ASSERT_GT(text.size(), 40U) << words.name;
    for (const evidence::claim& c : evidence::all_claims)
      if (const int said = evidence::said_in(c, text); said != 0) {
        EXPECT_EQ(said, evidence::said_of(c, m)) << words.name << ", " << c.name << ": " << text;
      }
  }
}

TEST(find_extremes, finds_the_nearest_to_the_means_and_the_farthest) {
  evidence::network_results n;
  n.methods[0].emplace();
  (*n.methods[0])[figure::deletion] = {0.0, 0.5, 1.0, 4.0, std::nullopt};
  (*n.methods[0])[figure::passes] = {1.0, 1.0, 1.0, 1.0, 1.0};
  n.methods[2].emplace();
  (*n.methods[2])[figure::blind] = {0.1, 0.2, 0.25, 0.9, 0.2};
  (*n.methods[2])[figure::pointing] = {0.0, 0.0, 9.0};  // of pairs, so of no single image
  const auto found = evidence::find_extremes(n, 5);
  EXPECT_EQ(found.different, 3U);
  EXPECT_NE(found.typical, 3U);
  EXPECT_EQ(found.typical, 2U);
}

}  // namespace
