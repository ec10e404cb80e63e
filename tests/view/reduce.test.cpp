// SPDX-License-Identifier: MIT
#include "salient/view/reduce.hpp"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "view/maps.hpp"

namespace salient {
namespace {

constexpr float huge = std::numeric_limits<float>::max();
constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct reduction {
  const char* name;
  tensor (*run)(const tensor&);
  std::function<double(std::vector<double>)> expected;  // of the channels of one position
};

double sum(const std::vector<double>& v) {
  double total = 0;
  for (const double x : v) total += x;
  return total;
}

const std::vector<reduction> reductions{
    {"channel_max_abs", channel_max_abs,
     [](auto v) {
       double most = 0;
       for (const double x : v) most = std::max(most, std::fabs(x));
       return most;
     }},
    {"channel_sum", channel_sum, sum},
    {"channel_mean", channel_mean, [](auto v) { return sum(v) / static_cast<double>(v.size()); }},
    {"channel_norm", channel_norm, [](auto v) {
       double squares = 0;
       for (const double x : v) squares += x * x;
       return std::sqrt(squares);
     }}};

tensor pixel(std::vector<float> channels) {
  tensor result({1, 1, static_cast<int>(channels.size())});
  result.values = std::move(channels);
  return result;
}

TEST(reduce, each_position_of_each_image_by_its_definition) {
  const tensor map = random_map(7, {3, 5, 4}, 2);
  for (const auto& r : reductions) {
    const tensor out = r.run(map);
    EXPECT_EQ(out.batch, 2) << r.name;
    EXPECT_EQ(out.extent, (shape{3, 5, 1})) << r.name;
    for (long n = 0; n < 2; ++n)
      for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 5; ++x) {
          std::vector<double> channels;
          for (int c = 0; c < 4; ++c) channels.push_back(map(n, y, x, c));
          EXPECT_FLOAT_EQ(out(n, y, x, 0), static_cast<float>(r.expected(channels))) << r.name;
        }
  }
}

TEST(reduce, by_hand) {
  const tensor map = pixel({3, -4, 0});
  EXPECT_EQ(channel_max_abs(map).values[0], 4);
  EXPECT_EQ(channel_sum(map).values[0], -1);
  EXPECT_FLOAT_EQ(channel_mean(map).values[0], -1.0F / 3);
  EXPECT_EQ(channel_norm(map).values[0], 5);
}

TEST(reduce, absolute_keeps_the_shape) {
  const tensor map = random_map(3, {2, 3, 2}, 2), out = absolute(map);
  EXPECT_EQ(out.extent, map.extent);
  EXPECT_EQ(out.batch, map.batch);
  for (std::size_t i = 0; i < map.values.size(); ++i) EXPECT_EQ(out.values[i], std::fabs(map.values[i]));
}

TEST(reduce, the_sum_keeps_the_total) {
  const tensor map = random_map(5, {8, 8, 3}), out = channel_sum(map);
  double before = 0, after = 0;
  for (const float v : map.values) before += v;
  for (const float v : out.values) after += v;
  EXPECT_NEAR(before, after, 1e-4);
}

TEST(reduce, finite_maps_stay_finite) {
  for (const auto& r : reductions) {
    EXPECT_TRUE(std::isfinite(r.run(pixel({huge, huge, huge})).values[0])) << r.name;
    EXPECT_TRUE(std::isfinite(r.run(pixel({-huge, -huge})).values[0])) << r.name;
  }
  EXPECT_EQ(channel_sum(pixel({-huge, -huge})).values[0], -huge);
  EXPECT_EQ(channel_mean(pixel({huge, huge})).values[0], huge);
}

TEST(reduce, non_finite_values_show_wherever_they_stand) {
  for (const auto& r : reductions)
    for (const auto& channels : {std::vector<float>{nan, 1, 2}, {1, nan, 2}, {1, 2, nan}}) {
      EXPECT_TRUE(std::isnan(r.run(pixel(channels)).values[0])) << r.name;
    }
  for (const auto& r : reductions) EXPECT_TRUE(std::isinf(r.run(pixel({1, inf})).values[0])) << r.name;
}

TEST(reduce, keeps_the_precision_of_the_map) {
  basic_tensor<double> map({1, 1, 3}, 2);
  map.values = {1, 1e-12, -2, 3e200, 4e200, 0};
  EXPECT_EQ(channel_sum(map).values, (std::vector{1 + 1e-12 - 2, 7e200}));
  EXPECT_EQ(channel_mean(map).values, (std::vector{(1 + 1e-12 - 2) / 3, 7e200 / 3}));
  EXPECT_EQ(channel_max_abs(map).values, (std::vector{2.0, 4e200}));
  EXPECT_EQ(absolute(map).values, (std::vector<double>{1, 1e-12, 2, 3e200, 4e200, 0}));
  EXPECT_NEAR(channel_norm(map).values[1] / 5e200, 1, 1e-15) << "whose square is more than a double holds";
}

TEST(reduce, a_tensor_that_disagrees_with_itself_is_an_error) {
  tensor map({2, 2, 1});
  map.values.pop_back();
  for (const auto& r : reductions) EXPECT_THROW(r.run(map), error) << r.name;
  EXPECT_THROW(absolute(map), error);
}

}  // namespace
}  // namespace salient
