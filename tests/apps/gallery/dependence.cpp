// SPDX-License-Identifier: MIT
#include "gallery/dependence.hpp"

#include <gtest/gtest.h>

namespace {

salient::tensor maps(const std::vector<std::vector<float>>& all) {
  salient::tensor t({1, 4, 1}, static_cast<long>(all.size()));
  for (std::size_t n = 0; n < all.size(); ++n)
    std::copy(all[n].begin(), all[n].end(), t.image(static_cast<long>(n)).begin());
  return t;
}

TEST(class_correlation, is_the_mean_over_pairs_of_the_images_asked_for) {
  // Image 0: two equal maps and their negative. Image 1: three equal maps.
  const salient::tensor targets =
      maps({{1, 2, 3, 4}, {2, 4, 6, 8}, {4, 3, 2, 1}, {0, 1, 0, 1}, {0, 2, 0, 2}, {5, 6, 5, 6}});
  EXPECT_NEAR(gallery::class_correlation(targets, 3, 0, 1).value(), -1.0 / 3, 1e-12);
  EXPECT_NEAR(gallery::class_correlation(targets, 3, 1, 1).value(), 1, 1e-12);
  EXPECT_NEAR(gallery::class_correlation(targets, 3, 0, 2).value(), 1.0 / 3, 1e-12);
  EXPECT_EQ(gallery::class_correlation(targets, 3, 0, 2).count(), 6);
}

TEST(image_correlation, is_the_mean_over_pairs_of_images_asked_about_one_class) {
  // Two classes, three images: class 0 has three equal maps, class 1 two and their negative.
  const salient::tensor targets =
      maps({{1, 2, 3, 4}, {0, 1, 0, 1}, {2, 4, 6, 8}, {0, 2, 0, 2}, {1, 2, 3, 4}, {1, 0, 1, 0}});
  EXPECT_NEAR(gallery::image_correlation(targets, 2, 3).value(), (3 * 1 + 1 - 2) / 6.0, 1e-12);
  EXPECT_EQ(gallery::image_correlation(targets, 2, 3).count(), 6);
  EXPECT_EQ(gallery::image_correlation(targets, 2, 1).count(), 0);
}

TEST(class_correlation, leaves_constant_maps_out) {
  const salient::tensor targets = maps({{1, 2, 3, 4}, {0, 0, 0, 0}, {1, 2, 3, 4}});
  EXPECT_EQ(gallery::class_correlation(targets, 3, 0, 1).count(), 1);
  EXPECT_EQ(gallery::correlation_text(gallery::class_correlation(targets, 3, 0, 1)), "1.00");
  EXPECT_EQ(
      gallery::correlation_text(gallery::class_correlation(maps({{0, 0, 0, 0}, {0, 0, 0, 0}}), 2, 0, 1)),
      "none");
}

}  // namespace
