// SPDX-License-Identifier: MIT
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
    return explainer::beside_its_map(image, 0, kind_of<Method>, map, 0).bytes;
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

}  // namespace
}  // namespace salient
