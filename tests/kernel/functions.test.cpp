// SPDX-License-Identifier: MIT
// label: optimised

// Element-wise functions and their derivatives, by the portable kernels and in float by the direct kernels of
// each instruction set, against formulas in long double and finite differences.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/instruction_sets.hpp"
#include "salient/device/cpu.hpp"
#include "salient/kernel/elementwise.hpp"

namespace salient::kernel {
namespace {

using real = long double;

struct subject {
  const char* name;
  function f;
  double a, b;
  real (*value)(real v, real a, real b);
  std::vector<double> bends;  ///< breakpoints, where the derivative jumps
};

real sigmoid(real v) { return 1 / (1 + std::exp(-v)); }
constexpr real slope = 0.3L;  // of prelu, for all channels

const subject subjects[] = {
    {"relu", function::relu, 0, 0, [](real v, real, real) { return std::max(v, 0.0L); }, {0}},
    {"clip",
     function::clip,
     -1,
     2.5,
     [](real v, real a, real b) { return std::min(std::max(v, a), b); },
     {-1, 2.5}},
    {"leaky_relu", function::leaky_relu, 0.1, 0, [](real v, real a, real) { return v > 0 ? v : a * v; }, {0}},
    {"prelu", function::prelu, 0, 0, [](real v, real, real) { return v > 0 ? v : slope * v; }, {0}},
    {"hard_sigmoid",
     function::hard_sigmoid,
     0.25,
     0.5,
     [](real v, real a, real b) { return std::min(std::max(a * v + b, 0.0L), 1.0L); },
     {-2, 2}},
    {"sigmoid", function::sigmoid, 0, 0, [](real v, real, real) { return sigmoid(v); }, {}},
    {"tanh", function::tanh, 0, 0, [](real v, real, real) { return std::tanh(v); }, {}},
    {"silu", function::silu, 0, 0, [](real v, real, real) { return v * sigmoid(v); }, {}},
    {"hard_swish",
     function::hard_swish,
     0,
     0,
     [](real v, real, real) { return v * std::min(std::max(v + 3, 0.0L), 6.0L) / 6; },
     {-3, 3}},
    {"gelu",
     function::gelu,
     0,
     0,
     [](real v, real, real) { return v * std::erfc(-v / std::sqrt(2.0L)) / 2; },
     {}},
    {"gelu_tanh",
     function::gelu_tanh,
     0,
     0,
     [](real v, real, real) {
       const real k = std::sqrt(2 / std::acos(-1.0L));
       return v / 2 * (1 + std::tanh(k * (v + 0.044715L * v * v * v)));
     },
     {}},
    {"elu", function::elu, 1.5, 0, [](real v, real a, real) { return v > 0 ? v : a * std::expm1(v); }, {0}},
    {"softplus",
     function::softplus,
     2,
     20,
     [](real v, real a, real b) { return a * v > b ? v : std::log1p(std::exp(a * v)) / a; },
     {10}},
};

/// Points in [-30, 30], denser near 0, and some large ones.
template <class T>
std::vector<T> points() {
  std::vector<T> all{-1e30F, -1e4F, -200, -104, -90, 88, 90, 200, 1e4F, 1e30F};
  for (int i = -3000; i <= 3000; ++i) all.push_back(static_cast<T>(static_cast<float>(i) / 100.0F));
  for (float v = 1e-30F; v < 1; v *= 2.7F) {
    all.push_back(v);
    all.push_back(-v);
  }
  return all;
}

template <class T>
struct outcome {
  std::vector<T> value, derivative;
  std::vector<std::uint8_t> mask;
  bool open(std::size_t i) const { return mask[i / 8] >> i % 8 & 1; }
};

/// Evaluates all points as the channels of one position.
template <class T>
outcome<T> run(const cpu& device, const subject& s, std::vector<T> x) {
  const shape extent{1, 1, static_cast<int>(x.size())};
  outcome<T> r{std::vector<T>(x.size()), std::vector<T>(x.size()),
               std::vector<std::uint8_t>(static_cast<std::size_t>(mask_bytes(extent)))};
  const std::vector<T> slopes(x.size(), static_cast<T>(slope));
  epilogue<T> e;
  e.activate = {s.f, static_cast<T>(s.a), static_cast<T>(s.b), slopes.data(), nullptr, nullptr};
  if (records_mask(s.f)) e.activate.mask = r.mask.data();
  if (records_derivative(s.f)) e.activate.derivative = r.derivative.data();
  apply<cpu, T>(device, view<T>(x.data(), 1, extent), e, view<T>(r.value.data(), 1, extent));
  return r;
}

/// A central difference of the formula in long double, with an error of about 1e-11.
real derivative(const subject& s, real v) {
  const real h = 1e-5L * std::max(1.0L, std::abs(v));
  return (s.value(v + h, s.a, s.b) - s.value(v - h, s.a, s.b)) / (2 * h);
}

template <class T>
void check(const cpu& device, const subject& s, double tolerance) {
  const auto x = points<T>();
  const auto got = run<T>(device, s, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const real v = x[i], expected = s.value(v, s.a, s.b);
    const real scale = std::max(1.0L, std::abs(expected));
    ASSERT_LE(std::abs(got.value[i] - expected), tolerance * scale) << s.name << " of " << x[i];
    bool near_a_bend = std::abs(v) > 1e3L;
    for (const double bend : s.bends) near_a_bend |= std::abs(v - bend) < 1e-3;
    if (near_a_bend) continue;
    const real slope_here = derivative(s, v);
    if (records_derivative(s.f)) {
      ASSERT_NEAR(static_cast<double>(got.derivative[i]), static_cast<double>(slope_here),
                  std::max(2 * tolerance, 1e-8))
          << s.name << "' of " << x[i];
    } else {
      // The bit is set above the breakpoint of a relu, and between the breakpoints of the others.
      const bool between = s.f == function::clip || s.f == function::hard_sigmoid;
      const bool open = between ? slope_here > 1e-6L : v > 0;
      ASSERT_EQ(got.open(i), open) << s.name << " of " << x[i];
    }
  }
}

TEST(functions, are_their_formulas) {
  for (const subject& s : subjects) {
    check<double>(cpu{}, s, 1e-14);
    check<float>(cpu(implementation::eigen), s, 1e-6);
    by_each_instruction_set([&] { check<float>(cpu{}, s, 1e-6); });
  }
}

// Where the derivative jumps, the library follows PyTorch's autograd.
TEST(functions, have_at_their_kinks_the_derivatives_of_pytorch) {
  struct kink {
    function f;
    double a, b, at;
    bool open;
  };
  for (const kink& k : {kink{function::relu, 0, 0, 0, false}, kink{function::relu, 0, 0, -0.0, false},
                        kink{function::clip, 0, 6, 0, false}, kink{function::clip, 0, 6, 6, false},
                        kink{function::leaky_relu, 0.1, 0, 0, false}, kink{function::prelu, 0, 0, 0, false},
                        kink{function::hard_sigmoid, 0.25, 0.5, -2, false},
                        kink{function::hard_sigmoid, 0.25, 0.5, 2, false}}) {
    const subject s{"kink", k.f, k.a, k.b, nullptr, {}};
    // A whole vector and a remainder of one.
    const std::vector<double> x(17, k.at);
    EXPECT_EQ(run<double>(cpu{}, s, x).open(0), k.open);
    const std::vector<float> xf(17, static_cast<float>(k.at));
    by_each_instruction_set([&] {
      for (const std::size_t i : {0u, 16u}) EXPECT_EQ(run<float>(cpu{}, s, xf).open(i), k.open);
    });
  }
  // hard_swish: the slopes of the outer pieces, 0 at -3 and 1 at 3 (PyTorch up to 2.6 gives those of the
  // inner piece, -0.5 and 1.5). elu: a exp(v) at 0. softplus: 1 only above the threshold.
  const auto derivative = [](function f, double a, double b, double at) {
    return run<double>(cpu{}, {"kink", f, a, b, nullptr, {}}, std::vector<double>(1, at)).derivative[0];
  };
  EXPECT_EQ(derivative(function::hard_swish, 0, 0, -3), 0);
  EXPECT_EQ(derivative(function::hard_swish, 0, 0, 3), 1);
  EXPECT_EQ(derivative(function::elu, 1.5, 0, 0), 1.5);
  EXPECT_LT(derivative(function::softplus, 1, 2, 2), 0.9);
  EXPECT_EQ(derivative(function::softplus, 1, 2, 2.0001), 1);
}

TEST(functions, keep_what_is_not_a_number) {
  const auto check = [](const cpu& device) {
    for (const subject& s : subjects) {
      const auto got = run<float>(device, s, std::vector<float>(17, std::numeric_limits<float>::quiet_NaN()));
      for (std::size_t i = 0; i < 17; ++i) {
        EXPECT_TRUE(std::isnan(got.value[i])) << s.name << " at " << i;
        if (records_mask(s.f)) {
          EXPECT_FALSE(got.open(i)) << s.name << " at " << i;
        }
      }
    }
  };
  check(cpu(implementation::eigen));
  by_each_instruction_set([&] { check(cpu{}); });
}

}  // namespace
}  // namespace salient::kernel
