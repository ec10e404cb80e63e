// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/eigen_cam.hpp"

#include <cmath>
#include <limits>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(eigen_cam, obeys_the_method_laws) {
  method_laws(methods::eigen_cam<>{});
  method_laws(methods::eigen_cam<"features">{});
}

TEST(eigen_cam, is_the_same_for_every_class) {
  const auto model = random_model<conv_net>(device);
  const auto image = random_images<float>(conv_net::input_shape);
  EXPECT_EQ(eigen_cam(model, image, logit(0)).map.values, eigen_cam(model, image, logit(3)).map.values);
}

/// Maps that are multiples of one pattern: the projection is that pattern without its mean, times the norm of
/// the factors. More positions than channels, and fewer.
TEST(eigen_cam, finds_the_pattern_of_maps_that_are_multiples_of_it) {
  const std::vector<double> pattern{4, 0, 1, 3}, factors{1, -2, 6};
  const double norm = std::sqrt(41.0);
  for (const std::size_t channels : {3, 6}) {
    basic_tensor<double> maps({2, 2, static_cast<int>(channels)}), expected({2, 2, 1});
    for (std::size_t p = 0; p < 4; ++p) {
      for (std::size_t k = 0; k < 3; ++k) maps.values[p * channels + k] = pattern[p] * factors[k] + 10;
      expected.values[p] = (pattern[p] - 2) * norm;
    }
    expect_near(methods::detail::principal_map(maps), expected, 1e-12);
  }
}

/// The squared sum of a projection on the first singular vector is the largest of any direction's.
TEST(eigen_cam, explains_more_than_any_single_channel) {
  const auto maps = random_images<double>({5, 4, 7}, 2);
  const auto squares = [](const auto& map, std::size_t start, std::size_t step) {
    double mean = 0, sum = 0;
    std::size_t count = 0;
    for (std::size_t i = start; i < map.size(); i += step) mean += map[i], ++count;
    mean /= static_cast<double>(count);
    for (std::size_t i = start; i < map.size(); i += step) sum += (map[i] - mean) * (map[i] - mean);
    return sum;
  };
  const auto map = methods::detail::principal_map(maps);
  for (long n = 0; n < 2; ++n)
    for (std::size_t k = 0; k < 7; ++k) EXPECT_GT(squares(map.image(n), 0, 1), squares(maps.image(n), k, 7));
}

TEST(eigen_cam, turns_its_sign_to_where_the_maps_are_large) {
  basic_tensor<double> maps({1, 3, 2});
  maps.values = {0, 5, 0, 0, 0, 1};
  const auto map = methods::detail::principal_map(maps);
  EXPECT_GT(map.values[0], map.values[1]);
  for (double& v : maps.values) v = -v;
  EXPECT_LT(methods::detail::principal_map(maps).values[0], 0);
}

TEST(eigen_cam, is_zero_for_constant_maps) {
  for (const double value : {0.0, 0.1, 1e30}) {
    const basic_tensor<double> maps({7, 7, 3}, 1, value);
    EXPECT_TRUE(all_zero(methods::detail::principal_map(maps))) << value;
  }
}

TEST(eigen_cam, refuses_maps_that_are_not_finite) {
  basic_tensor<float> maps({2, 2, 3});
  maps.values[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(methods::detail::principal_map(maps), error);
}

}  // namespace
}  // namespace salient
