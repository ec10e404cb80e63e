// SPDX-License-Identifier: MIT

// How far Winograd's algorithm is from exact sums, at the layers of VGG-16, ResNets and the digit
// classifiers.
#include <algorithm>
#include <cmath>
#include <string>

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

constexpr widths layers[] = {{32, 32},   {32, 64},   {64, 64},   {64, 128},  {128, 128},
                             {128, 256}, {256, 256}, {256, 512}, {512, 512}, {128, 32}};

/// Values of images: independent, rectified, or rectified sums that neighbours share, as activations are.
enum class content { noise, rectified, activations };

std::vector<float> contents(content kind, const problem& p) {
  std::vector<float> x = laws::noise<float>(p.batch * p.in.elements(), 5);
  if (kind == content::activations) {
    const auto weight = laws::noise<float>(p.conv().weights(), 6);
    std::vector<float> y(x.size());
    problem square = p;
    square.filters = p.in.channels;
    const auto own = laws::noise<float>(square.conv().weights(), 6);
    const auto packed = packed_weights(cpu{}, square, own);
    conv<cpu, float>(cpu(implementation::direct), square.conv(), {x.data(), p.batch, p.in},
                     {nullptr, packed.data(), nullptr, nullptr}, {}, {y.data(), p.batch, p.in}, nullptr);
    x = y;
  }
  if (kind != content::noise)
    for (float& v : x) v = std::max(v, 0.0F);
  return x;
}

struct winograd_errors : ::testing::TestWithParam<widths> {};

TEST_P(winograd_errors, are_those_of_float32) {
  const problem p{"", {12, 12, GetParam().channels}, GetParam().filters, square(3, 1, 1)};
  ASSERT_TRUE(suits_winograd(p.conv(), p.in));
  for (const content kind : {content::noise, content::rectified, content::activations}) {
    SCOPED_TRACE(static_cast<int>(kind));
    operands<float> of(p);
    operands<double> exact(p);
    of.x.set(contents(kind, p));
    exact.x.values.assign(of.x.values.begin(), of.x.values.end());
    conv_answers<double> expected(p, {});
    compute(cpu{}, p, exact, expected);
    for (const implementation kernels : {implementation::direct, implementation::fastest}) {
      conv_answers<float> got(p, {});
      compute(cpu(kernels), p, of, got);
      const double forward = error(got.y.read(), expected.y.read()),
                   backward = error(got.dx.read(), expected.dx.read());
      EXPECT_LT(forward, most);
      EXPECT_LT(backward, most);
      const std::string of_what = std::to_string(static_cast<int>(kind)) +
                                  (kernels == implementation::direct ? " direct" : " winograd");
      RecordProperty(of_what + " forward", std::to_string(forward));
      std::cout << of_what << " " << forward << " " << backward << "\n";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(layers, winograd_errors, ::testing::ValuesIn(layers));

}  // namespace
}  // namespace salient::kernel
