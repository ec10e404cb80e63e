// SPDX-License-Identifier: MIT
#pragma once

// Kernels on a device against the same kernels on the CPU. Numbers are small multiples of 1/8, so that sums
// are exact in any order and results have the same bits.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/epilogues.hpp"
#include "salient/core/window.hpp"
#include "salient/device/cpu.hpp"
#include "salient/kernel/batch_norm.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/kernel/elementwise.hpp"
#include "salient/kernel/layer_norm.hpp"
#include "salient/kernel/local_response_norm.hpp"
#include "salient/kernel/map.hpp"
#include "salient/kernel/pool.hpp"
#include "salient/kernel/rearrange.hpp"

namespace salient::kernel::alike {

inline const cpu reference(implementation::eigen);

inline std::vector<float> eighths(long count, unsigned seed) {
  auto values = laws::noise<float>(count, seed);
  for (float& v : values) v = std::round(8 * v) / 8;
  return values;
}
inline maps<float> exact_maps(long batch, shape extent, int beside, unsigned seed) {
  return {batch, extent, beside, eighths(batch * extent.elements(), seed)};
}

struct written_case {
  shape extent;
  long batch;
  int beside;
};
// Less than a byte; whole fours, with half a byte at the end and as a slice; more than a warp; neither.
inline constexpr written_case cases[] = {{{2, 3, 1}, 2, 0},  {{4, 3, 3}, 2, 0},  {{3, 3, 12}, 2, 0},
                                         {{5, 4, 16}, 3, 4}, {{3, 2, 44}, 2, 0}, {{2, 5, 19}, 2, 3},
                                         {{3, 3, 32}, 2, 2}};

/// What a kernel leaves in its output, mask and derivative.
struct left {
  std::vector<float> y, derivative;
  std::vector<bool> bits;

  /// `nudge` is added to the values that decide the bits.
  template <class F>
  left(const written_case& at, shape extent, epilogue_kind kind, const F& kernel, float nudge = 0) {
    maps<float> to = exact_maps(at.batch, extent, at.beside, 9);
    const bool adds = kind.addend != addition::no;
    if (nudge != 0 && !adds) kind.addend = apart;
    test_epilogue<float> e(kind, at.batch, extent, 20);
    for (auto* values : {&e.scale, &e.shift, &e.slopes, &e.outer_scale, &e.derivative})
      for (float& v : *values) v = std::round(8 * v) / 8;
    // Where the output is in whole fours, so are the addends.
    const int fours = at.beside % 4 == 0 ? 4 : 3;
    e.addend = exact_maps(at.batch, extent, fours, 25);
    e.outer_addend = exact_maps(at.batch, extent, fours, 26);
    if (nudge != 0) {
      std::vector<float> values = e.addend.read();
      for (float& v : values) v = (adds ? v : 0) + nudge;
      e.addend.set(values);
    }
    kernel(e.prepare(to), to.get());
    y = to.read();
    bits = e.bits();
    if (records_derivative(kind.f)) derivative = e.recorded_derivative;
  }
};

/// Alike up to `error`, relative to 1 or to the value; the same if it is 0.
inline void expect_near(const std::vector<float>& got, const std::vector<float>& expected, float error) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(got[i], expected[i], error * (1 + std::abs(expected[i]))) << i;
}

/// What values say of the bits beside them, where an activation's result is the output.
inline void expect_bits_of_values(const epilogue_kind& kind, const left& got, const test_epilogue<float>& e) {
  if (kind.gate != epilogue_kind::open || kind.positive_only || kind.outer_addend != addition::no) return;
  if (kind.f != function::relu && kind.f != function::clip) return;
  for (std::size_t i = 0; i < got.bits.size(); ++i) {
    const bool inside = kind.f == function::relu ? got.y[i] > 0 : got.y[i] > e.a && got.y[i] < e.b;
    ASSERT_EQ(got.bits[i], inside) << i << ": " << got.y[i];
  }
}

/// kernel(device, epilogue, y) leaves the same on both devices; up to `error` in values. Then bits may differ
/// where an error of a few times that size decides them: a bit that does not change when the values are moved
/// by as much either way must be the same.
template <class D, class F>
void expect_alike(const D& device, const written_case& at, shape extent, const F& kernel, float error = 0) {
  std::size_t decided = 0, all = 0;  // of the bits that may differ
  for (const epilogue_kind& kind : epilogue_kinds) {
    SCOPED_TRACE(std::string(kind.name) + " of " + std::to_string(extent.channels) + " channels");
    const left expected(at, extent, kind,
                        [&](const epilogue<float>& e, const view<float>& y) { kernel(reference, e, y); });
    const left got(at, extent, kind, [&](const epilogue<float>& e, const view<float>& y) {
      kernel(device, e, y);
      synchronise(device);
    });
    // Exponentials differ in the last bits.
    const float allowed = std::max(error, records_derivative(kind.f) ? 3e-6F : 0);
    expect_near(got.y, expected.y, allowed);
    expect_near(got.derivative, expected.derivative, allowed);
    if (error == 0 || got.bits.empty()) {
      ASSERT_EQ(got.bits, expected.bits);
      continue;
    }
    expect_bits_of_values(kind, got, test_epilogue<float>(kind, at.batch, extent, 20));
    const auto nudged = [&](float by) {
      const auto on_host = [&](const epilogue<float>& e, const view<float>& y) { kernel(reference, e, y); };
      return left(at, extent, kind, on_host, by).bits;
    };
    const std::vector<bool> below = nudged(-4 * error), above = nudged(4 * error);
    for (std::size_t i = 0; i < below.size(); ++i) {
      if (below[i] != above[i]) continue;
      ++decided;
      ASSERT_EQ(got.bits[i], expected.bits[i]) << i;
    }
    all += below.size();
  }
  EXPECT_GE(2 * decided, all);
}
struct window_case {
  shape in;
  window w;
};
inline constexpr window_case windows[] = {{{8, 10, 16}, {2, 2, 2, 2}},
                                          {{9, 8, 20}, {3, 3, 2, 2, 1, 1, 1, 1}},
                                          {{6, 7, 33}, {3, 3, 1, 1, 1, 1, 1, 1}},
                                          {{9, 11, 24}, {5, 5, 1, 1, 2, 2, 2, 2}},
                                          {{11, 9, 8}, {5, 5, 2, 2, 2, 2, 2, 2}},
                                          {{9, 11, 17}, {2, 4, 3, 1, 1, 2, 0, 1}},
                                          {{9, 10, 12}, {3, 3, 1, 1, 1, 1, 1, 1, 2, 2}},
                                          {{7, 7, 40}, {7, 7, 7, 7}},
                                          {{7, 9, 36}, {3, 3, 1, 1, 1, 1, 1, 1}},
                                          {{8, 6, 40}, {3, 3, 2, 2, 0, 1, 1, 0}},
                                          {{6, 5, 8}, {5, 5, 1, 1, 1, 2, 2, 1}},
                                          {{9, 6, 4}, {7, 7, 1, 1, 3, 3, 3, 3}}};

inline shape outputs(const window_case& c, int channels) {
  return {(c.in.height + c.w.top + c.w.bottom - c.w.reach_y()) / c.w.stride_y + 1,
          (c.in.width + c.w.left + c.w.right - c.w.reach_x()) / c.w.stride_x + 1, channels};
}

template <class D>
void write_results_and_masks(const D& device) {
  for (const written_case& at : cases) {
    const maps<float> x = exact_maps(at.batch, at.extent, at.beside, 1),
                      s = exact_maps(at.batch, at.extent, 0, 2);
    expect_alike(device, at, at.extent,
                 [&](const auto& d, const auto& e, const auto& y) { apply(d, x.get(), e, y); });
    expect_alike(device, at, at.extent,
                 [&](const auto& d, const auto& e, const auto& y) { multiply(d, x.get(), s.get(), e, y); });
    const maps<float> factors = exact_maps(at.batch, {1, 1, at.extent.channels}, 0, 3);
    expect_alike(device, at, at.extent, [&](const auto& d, const auto& e, const auto& y) {
      multiply(d, x.get(), factors.get(), e, y);
    });
  }
}

template <class D>
void pool(const D& device) {
  for (const window_case& c : windows) {
    const shape out = outputs(c, c.in.channels);
    const maps<float> x = exact_maps(2, c.in, 0, 1), dy = exact_maps(2, out, 4, 2),
                      slope = exact_maps(2, c.in, 0, 3);
    std::vector<std::uint16_t> switches(static_cast<std::size_t>(2 * out.elements())), again = switches;
    maps<float> y = exact_maps(2, out, 0, 4);
    max_pool(reference, c.w, x.get(), {}, y.get(), switches.data());
    max_pool(device, c.w, x.get(), {}, y.get(), again.data());
    synchronise(device);
    EXPECT_EQ(again, switches);
    const auto* const winners = switches.data();
    expect_alike(device, {{}, 2, 4}, out, [&](const auto& d, const auto& e, const auto& to) {
      max_pool(d, c.w, x.get(), e, to, static_cast<std::uint16_t*>(nullptr));
    });
    expect_alike(device, {{}, 2, 0}, c.in, [&](const auto& d, const auto& e, const auto& to) {
      max_pool_gradient(d, c.w, dy.get(), winners, e, to);
    });
    for (const divisor by : {divisor::window, divisor::inside}) {
      expect_alike(
          device, {{}, 2, 4}, out,
          [&](const auto& d, const auto& e, const auto& to) { avg_pool(d, c.w, by, x.get(), e, to); }, 3e-6F);
      expect_alike(
          device, {{}, 2, 0}, c.in,
          [&](const auto& d, const auto& e, const auto& to) {
            avg_pool_gradient(d, c.w, by, dy.get(), e, to);
          },
          3e-6F);
    }
    for (const auto each : {shape{1, 1, c.in.channels}, shape{2, 3, c.in.channels}})
      expect_alike(
          device, {{}, 2, 0}, each,
          [&](const auto& d, const auto& e, const auto& to) { adaptive_avg_pool(d, x.get(), e, to); }, 3e-6F);
    maps<float> expected = y, got = y;
    max_pool_slope(reference, c.w, slope.get(), winners, expected.get());
    max_pool_slope(device, c.w, slope.get(), winners, got.get());
    synchronise(device);
    EXPECT_EQ(got.read(), expected.read());
    std::vector<float> reach{100, 0.25F}, reached = reach;
    max_pool_reach(reference, c.w, x.get(), slope.get(), std::as_const(y).get(), winners, reach.data());
    max_pool_reach(device, c.w, x.get(), slope.get(), std::as_const(y).get(), winners, reached.data());
    synchronise(device);
    EXPECT_EQ(reached, reach);
  }
}

template <class D>
void convolve_depthwise(const D& device) {
  float* const scratch = nullptr;  // these need none
  for (const window_case& c : windows)
    for (const int multiplier : {1, 2}) {
      const int filters = c.in.channels * multiplier;
      const shape out = outputs(c, filters);
      const conv_problem p{c.w, c.in.channels, filters, c.in.channels};
      const maps<float> x = exact_maps(2, c.in, 0, 1), dy = exact_maps(2, out, 0, 2);
      const auto weight = eighths(filters * c.w.area(), 3), bias = eighths(filters, 4);
      for (const bool extra : {false, true}) {
        conv_weights<float> w;
        w.weight = weight.data();
        if (extra) w.bias = bias.data();
        expect_alike(device, {{}, 2, 4}, out, [&](const auto& d, const auto& e, const auto& y) {
          conv(d, p, x.get(), w, e, y, scratch);
        });
        w.bias = nullptr;
        if (extra) w.scale = bias.data();
        expect_alike(device, {{}, 2, 0}, c.in, [&](const auto& d, const auto& e, const auto& dx) {
          conv_input_gradient(d, p, dy.get(), w, e, dx, scratch);
        });
      }
      std::vector<float> dweight(weight.size(), -1), dbias(bias.size(), -1), got = dweight, got_bias = dbias;
      conv_weight_gradient(reference, p, x.get(), dy.get(), {dweight.data(), dbias.data()}, scratch);
      conv_weight_gradient(device, p, x.get(), dy.get(), {got.data(), got_bias.data()}, scratch);
      synchronise(device);
      EXPECT_EQ(got, dweight);
      EXPECT_EQ(got_bias, dbias);
    }
}

template <class D>
void sum_over_positions(const D& device) {
  for (const written_case& at : cases) {
    const maps<float> x = exact_maps(at.batch, at.extent, at.beside, 1),
                      dy = exact_maps(at.batch, at.extent, 0, 2);
    expect_alike(device, at, {1, 1, at.extent.channels}, [&](const auto& d, const auto& e, const auto& ds) {
      multiply_gradient(d, dy.get(), x.get(), e, ds);
    });
    const auto channels = static_cast<std::size_t>(at.extent.channels),
               images = static_cast<std::size_t>(at.batch);
    const auto compare = [&](std::size_t size, const auto& kernel) {
      std::vector<float> expected(size, -1), got(size, -1);
      kernel(reference, expected.data());
      kernel(device, got.data());
      synchronise(device);
      expect_near(got, expected, 3e-6F);
    };
    compare(images * channels, [&](const auto& d, float* to) { channel_mean(d, x.get(), to); });
    compare(2 * channels, [&](const auto& d, float* to) { batch_statistics(d, x.get(), to, to + channels); });
    compare(channels, [&](const auto& d, float* to) { scale_gradient(d, dy.get(), x.get(), to); });
    compare(channels, [&](const auto& d, float* to) { prelu_gradient(d, dy.get(), x.get(), to); });
    const auto weights = eighths(at.batch * at.extent.channels, 5);
    compare(images * static_cast<std::size_t>(at.extent.positions()),
            [&](const auto& d, float* to) { weighted_channels(d, x.get(), weights.data(), to); });
  }
}

template <class D>
void sum_a_large_map(const D& device) {
  const shape extent{75, 60, 10};
  const maps<float> x = exact_maps(2, extent, 0, 1), dy = exact_maps(2, extent, 0, 2);
  expect_alike(device, {{}, 2, 0}, {1, 1, 10}, [&](const auto& d, const auto& e, const auto& ds) {
    multiply_gradient(d, dy.get(), x.get(), e, ds);
  });
}

template <class D>
void normalise_rows(const D& device) {
  for (const int channels : {1, 5, 8, 12, 40, 600}) {
    const written_case at{{2, 2, channels}, 2, channels % 8 ? 0 : 4};
    const maps<float> x = exact_maps(2, at.extent, 0, 1), dy = exact_maps(2, at.extent, 3, 2);
    const auto weight = eighths(channels, 3), bias = eighths(channels, 4);
    const layer_norm_parameters<float> p{weight.data(), bias.data(), 0.25F};
    expect_alike(
        device, at, at.extent,
        [&](const auto& d, const auto& e, const auto& y) { layer_norm(d, x.get(), p, e, y); }, 1e-5F);
    expect_alike(
        device, at, at.extent,
        [&](const auto& d, const auto& e, const auto& dx) {
          layer_norm_gradient(d, dy.get(), x.get(), p, e, dx);
        },
        1e-5F);
    expect_alike(
        device, at, at.extent,
        [&](const auto& d, const auto& e, const auto& y) {
          local_response_norm(d, local_response<float>{5, 0.5F, 0.75F, 1}, x.get(), e, y);
        },
        1e-5F);
    expect_alike(
        device, at, at.extent,
        [&](const auto& d, const auto& e, const auto& dx) {
          local_response_norm_gradient(d, local_response<float>{5, 0.5F, 0.75F, 1}, dy.get(), x.get(), e, dx);
        },
        1e-5F);
    std::vector<float> gradients(static_cast<std::size_t>(2 * channels)), got = gradients, scratch(16);
    const auto weight_gradient = [&](const auto& d, float* to) {
      layer_norm_weight_gradient(d, dy.get(), x.get(), 0.25F, {to, to + channels}, scratch.data());
    };
    weight_gradient(reference, gradients.data());
    weight_gradient(device, got.data());
    synchronise(device);
    expect_near(got, gradients, 1e-5F);
    maps<float> soft = x, softened = x;
    softmax(reference, x.get(), soft.get());
    softmax(device, x.get(), softened.get());
    synchronise(device);
    expect_near(softened.read(), soft.read(), 3e-6F);
    softmax_gradient(reference, x.get(), dy.get(), soft.get());
    softmax_gradient(device, x.get(), dy.get(), softened.get());
    synchronise(device);
    expect_near(softened.read(), soft.read(), 1e-5F);
  }
}

template <class D>
void move_channels(const D& device) {
  for (const written_case& at : cases) {
    const shape in = at.extent, out{in.height + 3, in.width + 1, in.channels + 5};
    const maps<float> x = exact_maps(at.batch, in, 0, 1);
    expect_alike(device, at, out, [&](const auto& d, const auto& e, const auto& y) {
      pad(d, offset{1, 0, 2}, x.get(), e, y);
    });
    if (in.channels % 4 == 0)
      expect_alike(device, at, in, [&](const auto& d, const auto& e, const auto& y) {
        channel_shuffle(d, 4, x.get(), e, y);
      });
  }
}

template <class D>
void meet_the_first_bend(const D& device) {
  for (const shape extent : {shape{2, 3, 5}, shape{40, 30, 20}}) {
    const maps<float> x = exact_maps(2, extent, 0, 1), slope = exact_maps(2, extent, 0, 2);
    std::vector<float> expected{100, 1e-3F}, got = expected;
    bend_reach(reference, x.get(), slope.get(), 0.0625F, expected.data());
    bend_reach(device, x.get(), slope.get(), 0.0625F, got.data());
    synchronise(device);
    EXPECT_EQ(got, expected);
  }
}

template <class D>
void walk_lines_and_add_up_rows(const D& device) {
  for (const long size : {1L, 7L, 784L}) {
    constexpr long count = 50;
    const auto from = eighths(size, 1), to = eighths(size, 2), weights = eighths(count, 4);
    auto positions = eighths(count, 3);
    positions[7] = 1;
    std::vector<float> expected(static_cast<std::size_t>(count * size)), got = expected;
    line(reference, count, size, from.data(), to.data(), positions.data(), expected.data());
    line(device, count, size, from.data(), to.data(), positions.data(), got.data());
    synchronise(device);
    EXPECT_EQ(got, expected);
    std::vector<double> sum(static_cast<std::size_t>(size), 1.5), added = sum;
    accumulate(reference, count, size, expected.data(), weights.data(), sum.data());
    accumulate(device, count, size, expected.data(), weights.data(), added.data());
    synchronise(device);
    EXPECT_EQ(added, sum);
  }
}

}  // namespace salient::kernel::alike
