// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "explainer/files.hpp"
#include "salient/method/list.hpp"

namespace salient {
namespace {

/// Quarters, so that adding a whole number rounds nothing.
tensor quarters(float added) {
  tensor map({6, 5, 1});
  for (std::size_t i = 0; i < map.values.size(); ++i)
    map.values[i] = 0.25F * static_cast<float>(i * 7 % 11) + added;
  return map;
}

template <class Method>
bool draws_alike(const tensor& a, const tensor& b) {
  const tensor image({6, 5, 1}, 1, 0.5F);
  const auto drawn = [&](const tensor& map) {
    return explainer::beside_its_map(image, 0, Method::words, map, 0).bytes;
  };
  return drawn(a) == drawn(b);
}

/// What all positions share says nothing in such a map; in others it does.
TEST(drawing, of_a_relative_map_does_not_depend_on_a_constant) {
  EXPECT_TRUE(draws_alike<methods::rise>(quarters(-1), quarters(8)));
  EXPECT_TRUE(draws_alike<methods::full_grad>(quarters(0), quarters(8)));
  EXPECT_FALSE(draws_alike<methods::gradients>(quarters(-1), quarters(8)));
  tensor other = quarters(-1);
  other.values[3] += 1;
  EXPECT_FALSE(draws_alike<methods::rise>(quarters(-1), other));
}

/// A layer's map of the image's size whose cells lie one pixel further right. Its last columns are alike, for
/// the last one lies outside.
TEST(drawing, places_the_cells_of_a_layer_at_their_centres) {
  const tensor image({6, 5, 1}, 1, 0.5F);
  tensor map = quarters(1);
  for (int y = 0; y < 6; ++y) map(0, y, 4, 0) = map(0, y, 3, 0);
  const auto drawn = [&](const tensor& m, const std::optional<cell_centres>& centres) {
    return explainer::beside_its_map(image, 0, methods::grad_cam<>::words, m, 0, centres).bytes;
  };
  EXPECT_EQ(drawn(map, cell_centres{}), drawn(map, {}));
  tensor moved = map;
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 5; ++x) moved(0, y, x, 0) = map(0, y, std::max(x - 1, 0), 0);
  EXPECT_NE(drawn(moved, {}), drawn(map, {}));
  EXPECT_EQ(drawn(map, cell_centres{{0, 1}, {1, 1}}), drawn(moved, {}));
  EXPECT_EQ(drawn(resample(map, {3, 5}), cell_centres{{0.5, 2}, {}}), drawn(resample(map, {3, 5}), {}));
}

}  // namespace
}  // namespace salient
