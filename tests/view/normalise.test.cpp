// SPDX-License-Identifier: MIT
#include "salient/view/normalise.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "salient/core/error.hpp"
#include "view/maps.hpp"

namespace salient {
namespace {

constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct normalisation {
  const char* name;
  normalised (*run)(const tensor&);
  float lowest;
};

const std::vector<normalisation> normalisations{
    {"min_max", min_max, 0},
    {"percentile 99", [](const tensor& m) { return percentile(m); }, 0},
    {"percentile 50", [](const tensor& m) { return percentile(m, 50); }, 0},
    {"percentile 1e-9", [](const tensor& m) { return percentile(m, 1e-9); }, 0},
    {"percentile 100", [](const tensor& m) { return percentile(m, 100); }, 0},
    {"symmetric 99", [](const tensor& m) { return symmetric_percentile(m); }, -1},
    {"symmetric 10", [](const tensor& m) { return symmetric_percentile(m, 10); }, -1},
    {"symmetric 100", [](const tensor& m) { return symmetric_percentile(m, 100); }, -1}};

TEST(normalise, is_total_on_hard_maps) {
  for (const auto& n : normalisations)
    for (const auto& [name, map] : hard_maps()) {
      const normalised out = n.run(map);
      ASSERT_EQ(out.map.values.size(), map.values.size()) << n.name << ", " << name;
      ASSERT_EQ(out.degenerate.size(), static_cast<std::size_t>(map.batch)) << n.name << ", " << name;
      for (long i = 0; i < map.batch; ++i) {
        const auto values = out.map.image(i);
        for (const float v : values)
          EXPECT_TRUE(v >= n.lowest && v <= 1) << n.name << ", " << name << ": " << v;
        // A map is all zero if and only if it is marked as degenerate; others reach the end of the range.
        const bool zeros = std::all_of(values.begin(), values.end(), [](float v) { return v == 0; });
        EXPECT_EQ(zeros, out.degenerate[static_cast<std::size_t>(i)]) << n.name << ", " << name;
        const float most = *std::max_element(values.begin(), values.end(),
                                             [](float a, float b) { return std::fabs(a) < std::fabs(b); });
        EXPECT_EQ(std::fabs(most), zeros ? 0 : 1) << n.name << ", " << name;
      }
    }
}

TEST(normalise, a_map_in_double_looks_as_it_does_in_float) {
  for (const auto& [name, map] : hard_maps()) {
    const basic_tensor<double> wide = map;
    const auto expect_same = [&](const normalised& a, const normalised& b) {
      EXPECT_EQ(a.map.values, b.map.values) << name;
      EXPECT_EQ(a.degenerate, b.degenerate) << name;
    };
    expect_same(min_max(wide), min_max(map));
    expect_same(percentile(wide, 90), percentile(map, 90));
    expect_same(symmetric_percentile(wide), symmetric_percentile(map));
  }
  basic_tensor<double> wide({1, 3, 1});
  wide.values = {-1.7e308, 0, 1.7e308};
  EXPECT_EQ(min_max(wide).map.values, (std::vector<float>{0, 0.5F, 1}));
  EXPECT_EQ(symmetric_percentile(wide).map.values, (std::vector<float>{-1, 0, 1}));
  wide.values = {0, 1e-300, 2e-300};
  EXPECT_EQ(min_max(wide).map.values, (std::vector<float>{0, 0.5F, 1})) << "which float would round to zero";
}

TEST(normalise, constant_maps_are_degenerate_zeros) {
  for (const auto& n : normalisations)
    for (const float c : {0.0F, 1.0F, -3.0F, 1e38F, 1e-42F, nan, inf}) {
      const normalised out = n.run(tensor({4, 4, 2}, 2, c));
      EXPECT_EQ(out.degenerate, (std::vector<bool>{true, true})) << n.name << " of " << c;
      for (const float v : out.map.values) EXPECT_EQ(v, 0) << n.name << " of " << c;
    }
}

TEST(normalise, a_batch_is_its_images_one_by_one) {
  tensor batch = random_map(11, {4, 5, 2}, 3);
  for (float& v : batch.image(1)) v = 6;
  for (float& v : batch.image(2)) v *= 1e6F;
  for (const auto& n : normalisations) {
    const normalised all = n.run(batch);
    for (long i = 0; i < 3; ++i) {
      tensor single(batch.extent);
      std::copy(batch.image(i).begin(), batch.image(i).end(), single.values.begin());
      const normalised one = n.run(single);
      EXPECT_EQ(all.degenerate[static_cast<std::size_t>(i)], one.degenerate[0]) << n.name;
      EXPECT_TRUE(std::equal(one.map.values.begin(), one.map.values.end(), all.map.image(i).begin()))
          << n.name;
    }
    EXPECT_EQ(all.degenerate, (std::vector<bool>{false, true, false})) << n.name;
  }
}

TEST(normalise, min_max_by_hand) {
  EXPECT_EQ(min_max(one_row({-2, 0, 2, 6})).map.values, (std::vector<float>{0, 0.25, 0.5, 1}));
  EXPECT_EQ(min_max(one_row({-1e38F, 1e38F, 0})).map.values, (std::vector<float>{0, 1, 0.5}));
  EXPECT_EQ(min_max(one_row({nan, 1, inf, 3, -inf, 2})).map.values, (std::vector<float>{0, 0, 1, 1, 0, 0.5}));
}

TEST(normalise, percentile_by_hand) {
  // |v| = 0, 1, 2, 3, 4: the 75th percentile is 3.
  EXPECT_EQ(percentile(one_row({0, -1.5, 2, 3, -4}), 75).map.values,
            (std::vector<float>{0, 0.5, 2.0F / 3, 1, 1}));
  // Between ranks 1 and 2 of |v| = 0, 1, 3: the 75th percentile is 2.
  EXPECT_EQ(percentile(one_row({0, 1, -3}), 75).map.values, (std::vector<float>{0, 0.5, 1}));
  EXPECT_EQ(percentile(one_row({1, nan, -4, -inf, 0}), 100).map.values,
            (std::vector<float>{0.25, 0, 1, 1, 0}));
}

TEST(normalise, symmetric_percentile_by_hand) {
  EXPECT_EQ(symmetric_percentile(one_row({0, -1, 2, -3, -4}), 50).map.values,
            (std::vector<float>{0, -0.5, 1, -1, -1}));
  EXPECT_EQ(symmetric_percentile(one_row({-3, 3}), 99).map.values, (std::vector<float>{-1, 1}));
  EXPECT_EQ(symmetric_percentile(one_row({1, nan, -4, -inf, inf}), 100).map.values,
            (std::vector<float>{0.25, 0, -1, -1, 1}));
}

TEST(normalise, symmetric_percentile_keeps_zero_and_signs) {
  for (const auto& [name, map] : hard_maps()) {
    const tensor out = symmetric_percentile(map).map;
    for (std::size_t i = 0; i < map.values.size(); ++i) {
      if (map.values[i] == 0) {
        EXPECT_EQ(out.values[i], 0) << name;
      }
      if (map.values[i] > 0) {
        EXPECT_GE(out.values[i], 0) << name;
      }
      if (map.values[i] < 0) {
        EXPECT_LE(out.values[i], 0) << name;
      }
    }
  }
}

TEST(normalise, sequential_is_the_magnitude_of_symmetric) {
  const tensor map = random_map(13, {9, 9, 1});
  const tensor signed_map = symmetric_percentile(map, 90).map, magnitude = percentile(map, 90).map;
  for (std::size_t i = 0; i < map.values.size(); ++i)
    EXPECT_EQ(std::fabs(signed_map.values[i]), magnitude.values[i]);
}

TEST(normalise, order_is_kept_and_scale_does_not_matter) {
  const tensor map = random_map(17, {8, 8, 1});
  tensor larger = map;
  for (float& v : larger.values) v *= 1024;
  for (const auto& n : normalisations) EXPECT_EQ(n.run(map).map.values, n.run(larger).map.values) << n.name;

  const tensor out = min_max(map).map;
  for (std::size_t i = 1; i < map.values.size(); ++i)
    EXPECT_EQ(map.values[i - 1] <= map.values[i], out.values[i - 1] <= out.values[i]);
}

TEST(normalise, a_sparse_map_falls_back_on_its_largest_value) {
  tensor map({40, 40, 1});
  map(0, 3, 4, 0) = 8;
  map(0, 5, 6, 0) = -2;
  const tensor out = symmetric_percentile(map, 99).map;
  EXPECT_EQ(out(0, 3, 4, 0), 1);
  EXPECT_EQ(out(0, 5, 6, 0), -0.25);
}

TEST(normalise, rejects_what_is_no_percentile) {
  for (const double p : {0.0, -1.0, 100.5, std::nan(""), HUGE_VAL}) {
    EXPECT_THROW(percentile(one_row({1, 2}), p), error) << p;
    EXPECT_THROW(symmetric_percentile(one_row({1, 2}), p), error) << p;
  }
}

TEST(normalise, a_tensor_that_disagrees_with_itself_is_an_error) {
  tensor map({2, 2, 1});
  map.values.resize(5);
  for (const auto& n : normalisations) EXPECT_THROW(n.run(map), error) << n.name;
}

}  // namespace
}  // namespace salient
