// SPDX-License-Identifier: MIT
#include "salient/metric/relevance_accuracy.hpp"

#include "metric/maps.hpp"

namespace salient::metrics {
namespace {

TEST(relevance_mass_accuracy, by_hand) {
  EXPECT_EQ(relevance_mass_accuracy(row_of({1, 2, 0, 5}), row_of({1, 0, 0, 1})), values{0.75});
  EXPECT_EQ(relevance_mass_accuracy(row_of({1, 2, 0, 5}), row_of({1, 1, 1, 1})), values{1});
  EXPECT_EQ(relevance_mass_accuracy(row_of({1, 2, 0, 5}), row_of({0, 0, 3, 0})), values{0});
}

TEST(relevance_mass_accuracy, counts_what_speaks_for_the_class) {
  // The pixels sum to 3, -5 and 1.
  EXPECT_EQ(relevance_mass_accuracy(map_of({1, 3, 2}, {-1, 4, -7, 2, 1, 0}), row_of({1, 1, 0})),
            values{0.75});
  EXPECT_EQ(relevance_mass_accuracy(row_of({0, -1, -2}), row_of({1, 1, 0})), values{std::nullopt});
}

TEST(relevance_rank_accuracy, by_hand) {
  EXPECT_EQ(relevance_rank_accuracy(row_of({1, 2, 0, 5}), row_of({1, 0, 0, 1})), values{0.5});
  EXPECT_EQ(relevance_rank_accuracy(row_of({1, 2, 0, 5}), row_of({0, 1, 0, 1})), values{1});
  EXPECT_EQ(relevance_rank_accuracy(row_of({1, 2, 0, 5}), row_of({1, 0, 1, 0})), values{0});
  // Signed: -9 comes last.
  EXPECT_EQ(relevance_rank_accuracy(row_of({-9, 2, 0, 5}), row_of({1, 0, 0, 1})), values{0.5});
}

TEST(relevance_rank_accuracy, takes_equal_pixels_in_row_major_order) {
  EXPECT_EQ(relevance_rank_accuracy(row_of({0, 5, 0, 0}), row_of({1, 1, 0, 0})), values{1});
  EXPECT_EQ(relevance_rank_accuracy(row_of({0, 5, 0, 0}), row_of({0, 1, 0, 1})), values{0.5});
}

TEST(relevance_accuracy, has_no_value_without_an_object_or_an_order) {
  const auto map = row_of({1, 2, 0, 5});
  EXPECT_EQ(relevance_mass_accuracy(map, tensor({1, 4, 1})), values{std::nullopt});
  EXPECT_EQ(relevance_rank_accuracy(map, tensor({1, 4, 1})), values{std::nullopt});
  EXPECT_EQ(relevance_rank_accuracy(tensor({1, 4, 1}, 1, 2.0F), row_of({1, 0, 0, 1})), values{std::nullopt});
  EXPECT_EQ(relevance_mass_accuracy(tensor({1, 4, 1}, 1, 2.0F), row_of({1, 0, 0, 1})), values{0.5});
}

TEST(relevance_accuracy, enlarges_feature_maps_and_takes_images_one_by_one) {
  tensor maps({1, 2, 1}, 2), masks({1, 4, 1}, 2);
  maps.values = {4, 0, 0, 4};  // enlarged 4 3 1 0 and 0 1 3 4
  masks.values = {1, 1, 0, 0, 1, 1, 0, 0};
  EXPECT_EQ(relevance_mass_accuracy(maps, masks), (values{7.0 / 8, 1.0 / 8}));
  EXPECT_EQ(relevance_rank_accuracy(maps, masks), (values{1, 0}));
}

TEST(relevance_mass_accuracy, of_the_largest_and_smallest_numbers) {
  const auto mask = row_of({1, 0, 0, 1});
  for (const double unit : {1e-300, 5e307}) {
    const auto map = row_of<double>({3 * unit, 2 * unit, unit / 4, 3 * unit});
    EXPECT_NEAR(*relevance_mass_accuracy(map, mask)[0], 6 / 8.25, 1e-12);
  }
}

TEST(relevance_accuracy, refuses_what_does_not_match) {
  EXPECT_EQ(message_of([] { relevance_mass_accuracy(tensor({1, 2, 1}, 2), row_of({1, 0})); }),
            "relevance_mass_accuracy: needs one map for each of 1 images, got 2");
  EXPECT_EQ(message_of([] { relevance_rank_accuracy(tensor({3, 1, 1}), row_of({1, 0})); }),
            "relevance_rank_accuracy: a map of 3x1 is larger than the image or mask, which has 1x2");
  EXPECT_NE(
      message_of([] { relevance_rank_accuracy(row_of({1, 0}), tensor({1, 2, 3})); }).find("got 3 channels"),
      std::string::npos);
}

}  // namespace
}  // namespace salient::metrics
