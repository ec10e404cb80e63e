// SPDX-License-Identifier: MIT
// label: threads
// label: optimised

// Convolutions against naive loops in double: Eigen's kernels in both scalars, the direct kernels of each
// instruction set, and Winograd's algorithm where it suits the problem.
#include "salient/kernel/conv.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/conv_problems.hpp"
#include "kernel/instruction_sets.hpp"
#include "salient/device/cpu.hpp"

namespace salient::kernel {
namespace {

struct convolutions : ::testing::TestWithParam<problem> {};

template <class T, class D>
void expect_right(const D& device, const naive::conv_results& expected, const problem& p) {
  const operands<T> of(p);
  for (const epilogue_kind& kind : epilogue_kinds) {
    conv_answers<T> got(p, kind);
    compute(device, p, of, got);
    expect_answers(p, expected, got);
  }
}

TEST_P(convolutions, are_what_naive_loops_give) {
  const problem& p = GetParam();
  const auto expected = expected_answers(p);
  expect_right<double>(cpu{}, expected, p);
  const cpu_pool pool(3, implementation::eigen);
  expect_right<float>(pool, expected, p);
  by_each_instruction_set([&] {
    expect_right<float>(cpu(implementation::direct), expected, p);
    if (suits_winograd(p.conv(), p.in)) expect_right<float>(cpu(implementation::fastest), expected, p);
  });
}

struct packed_convolutions : ::testing::TestWithParam<problem> {};

TEST_P(packed_convolutions, unpack_what_they_packed) {
  const problem& p = GetParam();
  const auto weight = laws::noise<float>(p.conv().weights(), 3);
  by_each_instruction_set([&] {
    std::vector<float> packed(static_cast<std::size_t>(packed_elements(p.conv()))), back(weight.size());
    pack(cpu{}, p.conv(), 0, p.filters, weight.data(), packed.data());
    unpack(cpu{}, p.conv(), packed.data(), back.data());
    EXPECT_EQ(back, weight);
  });
}

TEST_P(convolutions, keep_what_is_not_a_number) {
  const problem& p = GetParam();
  operands<float> of(p);
  of.bias[0] = std::numeric_limits<float>::quiet_NaN();  // makes every result of the first filter NaN
  const auto filters = static_cast<std::size_t>(p.filters);
  by_each_instruction_set([&] {
    for (const function f : {function::relu, function::clip, function::leaky_relu, function::silu}) {
      conv_answers<float> got(p, {.name = "not_a_number", .f = f});
      compute(cpu{}, p, of, got);
      const auto y = got.y.read();
      const auto bits = got.after_y.bits();
      for (std::size_t i = 0; i < y.size(); ++i) {
        ASSERT_EQ(std::isnan(y[i]), i % filters == 0) << "at " << i;
        ASSERT_FALSE(i % filters == 0 && records_mask(f) && bits[i]) << "at " << i;
      }
    }
  });
}

/// The problems whose weights are packed.
std::vector<problem> packed() {
  std::vector<problem> some;
  std::ranges::copy_if(problems, std::back_inserter(some),
                       [](const problem& p) { return !p.conv().depthwise(); });
  return some;
}

INSTANTIATE_TEST_SUITE_P(problems, convolutions, ::testing::ValuesIn(problems));
INSTANTIATE_TEST_SUITE_P(problems, packed_convolutions, ::testing::ValuesIn(packed()));

}  // namespace
}  // namespace salient::kernel
