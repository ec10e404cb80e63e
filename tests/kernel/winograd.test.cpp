// SPDX-License-Identifier: MIT
// label: optimised

// How far Winograd's algorithm is from exact sums, at the layers of VGG-16, ResNets and the digit
// classifiers.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/conv_problems.hpp"
#include "kernel/instruction_sets.hpp"
#include "salient/device/cpu.hpp"

namespace salient::kernel {
namespace {

/// Largest error, as a share of the largest result.
constexpr double most = 2e-5;

double error(const std::vector<float>& got, const std::vector<double>& expected) {
  double largest = 0, off = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    off = std::max(off, std::abs(got[i] - expected[i]));
  }
  return off / largest;
}

/// Channels of the input and filters. The error depends on no other number.
struct widths {
  int channels, filters;
  friend void PrintTo(const widths& w, std::ostream* out) { *out << w.channels << " to " << w.filters; }
};

constexpr widths layers[] = {{32, 64},   {64, 64},   {64, 128},  {128, 128}, {128, 256},
                             {256, 256}, {256, 512}, {512, 512}, {128, 32},  {16, 64}};

/// Values of maps: independent, rectified, or rectified sums of others, which neighbours share, as
/// activations are.
enum class content { noise, rectified, activations };

std::vector<float> contents(content kind, shape in, unsigned seed) {
  std::vector<float> values = laws::noise<float>(in.elements(), seed);
  if (kind == content::activations) {
    const problem before{"", in, in.channels, square(3, 1, 1)};
    const operands<float> of(before);
    conv_answers<float> got(before, {});
    compute(cpu(implementation::direct), before, of, got);
    values = got.y.read();
  }
  if (kind != content::noise)
    for (float& v : values) v = std::max(v, 0.0F);
  return values;
}

/// Errors of y and dx.
struct errors {
  double forward, backward;
};
errors errors_of(implementation kernels, const problem& p, const operands<float>& of,
                 const conv_answers<double>& expected) {
  conv_answers<float> got(p, {});
  compute(cpu(kernels), p, of, got);
  return {error(got.y.read(), expected.y.read()), error(got.dx.read(), expected.dx.read())};
}

struct winograd_errors : ::testing::TestWithParam<widths> {};

TEST_P(winograd_errors, stay_below_a_fifty_thousandth_of_the_largest_result) {
  const int size = GetParam().channels * GetParam().filters < 2048 ? 33 : 12;
  const problem p{"", {size, size, GetParam().channels}, GetParam().filters, square(3, 1, 1)};
  ASSERT_TRUE(suits_winograd(p.conv(), p.in));
  errors direct{}, winograd{};
  for (const content kind : {content::noise, content::rectified, content::activations}) {
    operands<float> of(p);
    operands<double> exact(p);
    for (const auto& [values, to, in] :
         {std::tuple{&of.x, &exact.x, p.in}, std::tuple{&of.dy, &exact.dy, p.out()}}) {
      values->set(contents(kind, in, 5));
      to->values.assign(values->values.begin(), values->values.end());
    }
    conv_answers<double> expected(p, {});
    compute(cpu{}, p, exact, expected);
    const auto raise = [&](errors& worst, implementation kernels) {
      const errors e = errors_of(kernels, p, of, expected);
      worst = {std::max(worst.forward, e.forward), std::max(worst.backward, e.backward)};
    };
    raise(direct, implementation::direct);
    raise(winograd, implementation::fastest);
  }
  EXPECT_LT(winograd.forward, most);
  EXPECT_LT(winograd.backward, most);
  EXPECT_NE(winograd.forward, direct.forward) << "the same kernel has run";
  std::cout << "largest error, forward and backward, of " << ::testing::PrintToString(GetParam())
            << " channels: " << winograd.forward << ", " << winograd.backward
            << "; of direct sums: " << direct.forward << ", " << direct.backward << "\n";
}

TEST(winograd, strips_of_tiles_give_the_bits_of_images_alone) {
  const problem p{"", {7, 7, 32}, 80, square(3, 1, 1), 30};  // 120 tiles
  const operands<float> of(p);
  problem alone = p;
  alone.batch = 1;
  by_each_instruction_set([&] {
    conv_answers<float> all(p, {});
    compute(cpu{}, p, of, all);
    for (long n = 0; n < p.batch; ++n) {
      operands<float> own = of;
      own.x = of.x.some(n, 1);
      own.dy = of.dy.some(n, 1);
      conv_answers<float> got(alone, {});
      compute(cpu{}, alone, own, got);
      EXPECT_EQ(got.y.read(), all.y.some(n, 1).read());
      EXPECT_EQ(got.dx.read(), all.dx.some(n, 1).read());
    }
  });
}

INSTANTIATE_TEST_SUITE_P(layers, winograd_errors, ::testing::ValuesIn(layers));

}  // namespace
}  // namespace salient::kernel
