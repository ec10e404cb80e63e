// SPDX-License-Identifier: MIT
#include "salient/core/philox.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace salient {
namespace {

using words = std::array<std::uint32_t, 4>;

/// The known answers of Random123, the authors' library (tests/kat_vectors).
static_assert(philox({}, {}) == words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
constexpr std::uint32_t ones = 0xffffffff;
static_assert(philox({ones, ones, ones, ones}, {ones, ones}) ==
              words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

/// To the last bit, on every platform. From Python's integers and its statistics.NormalDist.
TEST(random_numbers, are_these) {
  EXPECT_EQ((random_numbers{}.uniform(0)), 0x1.c2d38b1acc4fdp-1);
  EXPECT_EQ((random_numbers{}.uniform(1)), 0x1.3601b7b178af5p-1);
  EXPECT_EQ((random_numbers{.seed = 1, .sample = 3}.uniform(7)), 0x1.86435712c574ep-2);
  constexpr random_numbers far{.seed = 0x123456789abcdef0, .image = 5, .sample = 6};
  EXPECT_EQ(far.uniform(1000), 0x1.b93da0b11b45bp-1);

  EXPECT_EQ((random_numbers{}.normal(0)), 0x1.2d769e93cb51fp+0);
  EXPECT_EQ((random_numbers{}.normal(1)), 0x1.11fbd69d8e301p-2);
  EXPECT_EQ((random_numbers{.seed = 1, .sample = 3}.normal(7)), -0x1.35cfc60832953p-2);
  EXPECT_EQ(far.normal(1000), 0x1.16a3a2dfade25p+0);
  EXPECT_EQ((random_numbers{.seed = 2, .sample = 11}.normal(511)), -0x1.1998cc10c35c3p+2);
  EXPECT_EQ((random_numbers{.seed = 2, .sample = 16}.normal(201)), 0x1.f21d3a256627cp+1);
}

TEST(random_numbers, do_not_depend_on_which_are_asked_for) {
  const random_numbers numbers{.seed = 9, .image = 2, .sample = 5};
  for (const std::uint64_t first : {0, 1, 6, 7})
    for (const std::size_t count : {0u, 1u, 2u, 5u, 8u}) {
      std::vector<double> uniforms(count), normals(count);
      numbers.uniforms(uniforms, first);
      numbers.normals(normals, first);
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(uniforms[i], numbers.uniform(first + i)) << first << " " << count;
        EXPECT_EQ(normals[i], numbers.normal(first + i)) << first << " " << count;
      }
    }
}

TEST(random_numbers, differ_in_every_part_of_the_address) {
  std::set<double> seen;
  const auto insert = [&](const random_numbers& numbers, std::uint64_t element) {
    EXPECT_TRUE(seen.insert(numbers.uniform(element)).second);
  };
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32})
    for (const std::uint32_t use : {0u, 1u})
      for (const std::uint32_t image : {0u, 1u, ones})
        for (const std::uint32_t sample : {0u, 1u, ones})
          for (const std::uint64_t element :
               {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, random_numbers::elements - 1})
            insert({seed, static_cast<random_use>(use), image, sample}, element);
  EXPECT_EQ(seen.size(), 3u * 2 * 3 * 3 * 4);
}

TEST(random_numbers, are_distributed_as_they_should_be) {
  std::vector<double> uniform(1'000'000), normal(uniform.size());
  const random_numbers numbers{.seed = 3};
  numbers.uniforms(uniform);
  numbers.normals(normal);
  double sum = 0, squares = 0, fourth = 0, neighbours = 0;
  for (std::size_t i = 0; i < normal.size(); ++i) {
    sum += normal[i];
    squares += normal[i] * normal[i];
    fourth += std::pow(normal[i], 4);
    neighbours += normal[i] * normal[(i + 1) % normal.size()];
  }
  // Within four standard deviations of a mean of a million: of z, z^2, z^4 and the product of two.
  EXPECT_NEAR(sum / 1e6, 0, 4e-3);
  EXPECT_NEAR(squares / 1e6, 1, 4e-3 * std::sqrt(2));
  EXPECT_NEAR(fourth / 1e6, 3, 4e-3 * std::sqrt(96));
  EXPECT_NEAR(neighbours / 1e6, 0, 4e-3);

  // The largest distance from the uniform distribution: above 1.95e-3 with a probability of 0.1 %.
  std::ranges::sort(uniform);
  double distance = 0;
  for (std::size_t i = 0; i < uniform.size(); ++i)
    distance = std::max(distance, std::abs(uniform[i] - (static_cast<double>(i) + 0.5) / 1e6));
  EXPECT_LT(distance, 1.95e-3);
  EXPECT_GT(uniform.front(), 0);
  EXPECT_LT(uniform.back(), 1);
}

TEST(random_numbers, of_two_samples_are_not_related) {
  double product = 0;
  std::vector<double> one(100'000), other(one.size());
  random_numbers{.sample = 0}.normals(one);
  for (const random_numbers& numbers :
       {random_numbers{.sample = 1}, random_numbers{.image = 1}, random_numbers{.seed = 1},
        random_numbers{.seed = std::uint64_t{1} << 32}, random_numbers{.use = random_use{1}}}) {
    numbers.normals(other);
    product = 0;
    for (std::size_t i = 0; i < one.size(); ++i) product += one[i] * other[i];
    EXPECT_NEAR(product / 1e5, 0, 4 / std::sqrt(1e5));
  }
}

TEST(normal_quantile, inverts_the_distribution) {
  const auto check = [](double p) {
    SCOPED_TRACE(p);
    const double z = normal_quantile(p);
    // A relative error of z changes the tail's probability by about z^2 times as much.
    EXPECT_NEAR(std::erfc(-z * std::numbers::sqrt2 / 2) / 2 / p, 1, 4e-15 * (1 + z * z));
  };
  for (double p = 0.5; p > 1e-300; p *= 0.93) check(p);
  for (const double p : {0.075, std::nextafter(0.075, 1), 0x1p-53, std::exp(-25.0), 0x1p-1022}) check(p);
  for (double p = 0.5; p > 0x1p-40; p /= 2)
    EXPECT_EQ(normal_quantile(1 - p), p == 0.5 ? 0 : -normal_quantile(p)) << "1 - p is exact";
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-15);
}

}  // namespace
}  // namespace salient
