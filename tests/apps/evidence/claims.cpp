// SPDX-License-Identifier: MIT
#include "evidence/claims.hpp"

#include <gtest/gtest.h>

#include "evidence/tables.hpp"
#include "evidence/typical.hpp"

namespace {

namespace evidence = salient::evidence;

using evidence::figure, evidence::verdict;

evidence::claim claim(bool at_least) {
  evidence::claim c = evidence::all_claims[0];
  c.at_least = at_least;
  c.threshold = 0.5;
  return c;
}

TEST(judge, asks_the_whole_interval) {
  const auto of = [](bool at_least, double mean, double margin) {
    return evidence::judge(claim(at_least), {mean, margin, 10, 0});
  };
  EXPECT_EQ(of(true, 0.75, 0.25), verdict::holds);
  EXPECT_EQ(of(true, 0.75, 0.3), verdict::open);
  EXPECT_EQ(of(true, 0.25, 0.2), verdict::fails);
  EXPECT_EQ(of(false, 0.25, 0.25), verdict::holds);
  EXPECT_EQ(of(false, 0.25, 0.3), verdict::open);
  EXPECT_EQ(of(false, 0.75, 0.2), verdict::fails);
  EXPECT_EQ(evidence::judge(claim(true), {0.9, std::nullopt, 1, 0}), verdict::no_figure);
  EXPECT_EQ(evidence::judge(claim(true), {}), verdict::no_figure);
}

/// Methods with these values of one figure.
evidence::network_results network(figure f, const std::vector<double>& means) {
  evidence::network_results n;
  for (std::size_t m = 0; m < means.size(); ++m) {
    n.methods[m].emplace();
    (*n.methods[m])[f] = {means[m], means[m]};
  }
  return n;
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
