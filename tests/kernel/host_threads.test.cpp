// SPDX-License-Identifier: MIT
// label: threads

// The kernels' code for GPUs, on the host, against the same kernels as the CPU runs them. Numbers are small
// multiples of 1/8, so that sums are exact in any order and results have the same bits.
#include "kernel/host_threads.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

// The definitions, for this device too.
#undef SALIENT_INSTANTIATE
#define SALIENT_INSTANTIATE(KERNELS)
#include "kernel/batch_norm.cpp"
#undef KERNELS
#include "kernel/elementwise.cpp"
#undef KERNELS
#include "kernel/layer_norm.cpp"
#undef KERNELS
#include "kernel/local_response_norm.cpp"
#undef KERNELS
#include "kernel/map.cpp"
#undef KERNELS
#include "kernel/pool.cpp"
#undef KERNELS
#include "kernel/rearrange.cpp"
#undef KERNELS

#include "kernel/depthwise.hpp"
#include "kernel/epilogues.hpp"
#include "kernel/patches.hpp"

namespace salient::kernel {
namespace {

const cpu reference(implementation::eigen);
const host_threads device;

std::vector<float> eighths(long count, unsigned seed) {
  auto values = laws::noise<float>(count, seed);
  for (float& v : values) v = std::round(8 * v) / 8;
  return values;
}
maps<float> exact_maps(long batch, shape extent, int beside, unsigned seed) {
  return {batch, extent, beside, eighths(batch * extent.elements(), seed)};
}

struct written_case {
  shape extent;
  long batch;
  int beside;
};
// Less than a byte; whole fours, with half a byte at the end and as a slice; more than a warp; neither.
constexpr written_case cases[] = {{{2, 3, 1}, 2, 0},  {{4, 3, 3}, 2, 0},  {{3, 3, 12}, 2, 0},
                                  {{5, 4, 16}, 3, 4}, {{3, 2, 44}, 2, 0}, {{2, 5, 19}, 2, 3},
                                  {{3, 3, 32}, 2, 2}};

/// What a kernel leaves in its output, mask and derivative.
struct left {
  std::vector<float> y, derivative;
  std::vector<bool> bits;

  template <class F>
  left(const written_case& at, shape extent, const epilogue_kind& kind, const F& kernel) {
    maps<float> to = exact_maps(at.batch, extent, at.beside, 9);
    test_epilogue<float> e(kind, at.batch, extent, 20);
    for (auto* values : {&e.scale, &e.slopes, &e.outer_scale, &e.derivative})
      for (float& v : *values) v = std::round(8 * v) / 8;
    kernel(e.prepare(to), to.get());
    y = to.read();
    bits = e.bits();
    if (records_derivative(kind.f)) derivative = e.recorded_derivative;
  }
};

/// kernel(device, epilogue, y) leaves the same on both devices; up to `error` in values.
template <class F>
void expect_alike(const written_case& at, shape extent, const F& kernel, float error = 0) {
  for (const epilogue_kind& kind : epilogue_kinds) {
    SCOPED_TRACE(std::string(kind.name) + " of " + std::to_string(extent.channels) + " channels");
    const left expected(at, extent, kind,
                        [&](const epilogue<float>& e, const view<float>& y) { kernel(reference, e, y); });
    const left got(at, extent, kind,
                   [&](const epilogue<float>& e, const view<float>& y) { kernel(device, e, y); });
    if (error == 0) {
      ASSERT_EQ(got.y, expected.y);
      ASSERT_EQ(got.derivative, expected.derivative);
    } else {
      ASSERT_EQ(got.y.size(), expected.y.size());
      for (std::size_t i = 0; i < got.y.size(); ++i)
        ASSERT_NEAR(got.y[i], expected.y[i], error * (1 + std::abs(expected.y[i])));
    }
    ASSERT_EQ(got.bits, expected.bits);
  }
}
void expect_near(const std::vector<float>& got, const std::vector<float>& expected, float error) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(got[i], expected[i], error * (1 + std::abs(expected[i]))) << i;
}

TEST(host_threads, divide_by_multiplication) {
  for (const int by : {1, 2, 3, 5, 7, 24, 64, 100, 641, 4096, 65'537, 150'528, 2'147'483'647}) {
    const divider d(by);
    const auto check = [&](long n) {
      if (n >= 0 && n < 1L << 31) {
        ASSERT_EQ(d(static_cast<unsigned>(n)), static_cast<unsigned>(n / by)) << n << " by " << by;
      }
      ASSERT_EQ(d(n), n / by) << n << " by " << by;
    };
    for (long q = 0; q < 2000; ++q)
      for (const long n :
           {q, q * by - 1, q * by, (1L << 31) - 1 - q, (1L << 31) / by * by - q * by - 1, 5'000'000'000 + q})
        if (n >= 0) check(n);
  }
}

TEST(host_threads, sum_each_term_once_for_any_number_of_parts) {
  for (const long count : {0L, 1L, 3L, 16L, 49L, 196L, 5000L}) {
    const sum_shape s = shape_of_sums(1, 64, count);
    EXPECT_TRUE(s.rows >= 4 && s.rows <= 128 && (s.rows & (s.rows - 1)) == 0 && s.lanes * s.rows <= 1024);
    EXPECT_EQ(shape_of_sums(1000, 64, count).rows, s.rows) << "the order depends on the batch";
    std::vector<int> visits(static_cast<std::size_t>(count));
    for (int part = 0; part < s.rows; ++part)
      part_of_sum<float>(count, part, s.rows, [&](long i) { return ++visits[static_cast<std::size_t>(i)]; });
    EXPECT_EQ(visits, std::vector<int>(visits.size(), 1));
  }
}

TEST(host_threads, write_all_results_and_every_byte_of_the_mask) {
  device.single = device.fours = 0;
  for (const written_case& at : cases) {
    const maps<float> x = exact_maps(at.batch, at.extent, at.beside, 1),
                      s = exact_maps(at.batch, at.extent, 0, 2);
    expect_alike(at, at.extent,
                 [&](const auto& d, const auto& e, const auto& y) { apply(d, x.get(), e, y); });
    expect_alike(at, at.extent,
                 [&](const auto& d, const auto& e, const auto& y) { multiply(d, x.get(), s.get(), e, y); });
    const maps<float> factors = exact_maps(at.batch, {1, 1, at.extent.channels}, 0, 3);
    expect_alike(at, at.extent, [&](const auto& d, const auto& e, const auto& y) {
      multiply(d, x.get(), factors.get(), e, y);
    });
  }
  EXPECT_GT(device.single, 0);
  EXPECT_GT(device.fours, 0);
}

TEST(host_threads, write_parts_of_the_channels_beside_each_other) {
  const shape extent{3, 4, 44};
  const maps<float> x = exact_maps(2, extent, 0, 1);
  const auto copy = [&](const auto& d, const channel_range& channels, const auto& e, const auto& y) {
    const view<const float> from = x.get();
    for (long first = 0; first < y.positions(); first += 5)
      write_results(d, y, e, {first, std::min(first + 5, y.positions()), channels}, 1,
                    [=](long p, int c) { return from.at(p)[c]; });
  };
  for (const int cut : {4, 8, 13, 20, 43})
    expect_alike({extent, 2, 0}, extent, [&](const auto& d, const auto& e, const auto& y) {
      copy(d, {0, cut}, e, y);
      copy(d, {cut, extent.channels - cut}, e, y);
    });
}

struct window_case {
  shape in;
  window w;
};
constexpr window_case windows[] = {{{8, 10, 16}, {2, 2, 2, 2}},
                                   {{9, 8, 20}, {3, 3, 2, 2, 1, 1, 1, 1}},
                                   {{6, 7, 33}, {3, 3, 1, 1, 1, 1, 1, 1}},
                                   {{9, 11, 24}, {5, 5, 1, 1, 2, 2, 2, 2}},
                                   {{11, 9, 8}, {5, 5, 2, 2, 2, 2, 2, 2}},
                                   {{9, 11, 17}, {2, 4, 3, 1, 1, 2, 0, 1}},
                                   {{9, 10, 12}, {3, 3, 1, 1, 1, 1, 1, 1, 2, 2}},
                                   {{7, 7, 40}, {7, 7, 7, 7}}};

shape outputs(const window_case& c, int channels) {
  return {(c.in.height + c.w.top + c.w.bottom - c.w.reach_y()) / c.w.stride_y + 1,
          (c.in.width + c.w.left + c.w.right - c.w.reach_x()) / c.w.stride_x + 1, channels};
}

TEST(host_threads, pool) {
  for (const window_case& c : windows) {
    const shape out = outputs(c, c.in.channels);
    const maps<float> x = exact_maps(2, c.in, 0, 1), dy = exact_maps(2, out, 4, 2),
                      slope = exact_maps(2, c.in, 0, 3);
    std::vector<std::uint16_t> switches(static_cast<std::size_t>(2 * out.elements())), again = switches;
    maps<float> y = exact_maps(2, out, 0, 4);
    max_pool(reference, c.w, x.get(), {}, y.get(), switches.data());
    max_pool(device, c.w, x.get(), {}, y.get(), again.data());
    EXPECT_EQ(again, switches);
    const auto* const winners = switches.data();
    expect_alike({{}, 2, 4}, out, [&](const auto& d, const auto& e, const auto& to) {
      max_pool(d, c.w, x.get(), e, to, static_cast<std::uint16_t*>(nullptr));
    });
    expect_alike({{}, 2, 0}, c.in, [&](const auto& d, const auto& e, const auto& to) {
      max_pool_gradient(d, c.w, dy.get(), winners, e, to);
    });
    for (const divisor by : {divisor::window, divisor::inside}) {
      expect_alike(
          {{}, 2, 4}, out,
          [&](const auto& d, const auto& e, const auto& to) { avg_pool(d, c.w, by, x.get(), e, to); }, 1e-6F);
      expect_alike(
          {{}, 2, 0}, c.in,
          [&](const auto& d, const auto& e, const auto& to) {
            avg_pool_gradient(d, c.w, by, dy.get(), e, to);
          },
          1e-6F);
    }
    for (const auto each : {shape{1, 1, c.in.channels}, shape{2, 3, c.in.channels}})
      expect_alike(
          {{}, 2, 0}, each,
          [&](const auto& d, const auto& e, const auto& to) { adaptive_avg_pool(d, x.get(), e, to); }, 1e-6F);
    maps<float> expected = y, got = y;
    max_pool_slope(reference, c.w, slope.get(), winners, expected.get());
    max_pool_slope(device, c.w, slope.get(), winners, got.get());
    EXPECT_EQ(got.read(), expected.read());
    std::vector<float> reach{100, 0.25F}, reached = reach;
    max_pool_reach(reference, c.w, x.get(), slope.get(), std::as_const(y).get(), winners, reach.data());
    max_pool_reach(device, c.w, x.get(), slope.get(), std::as_const(y).get(), winners, reached.data());
    EXPECT_EQ(reached, reach);
  }
}

TEST(host_threads, convolve_depthwise) {
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
        expect_alike({{}, 2, 4}, out,
                     [&](const auto& d, const auto& e, const auto& y) { depthwise(d, p, x.get(), w, e, y); });
        w.bias = nullptr;
        if (extra) w.scale = bias.data();
        expect_alike({{}, 2, 0}, c.in, [&](const auto& d, const auto& e, const auto& dx) {
          depthwise_input_gradient(d, p, dy.get(), w, e, dx);
        });
      }
      std::vector<float> dweight(weight.size(), -1), dbias(bias.size(), -1), got = dweight, got_bias = dbias;
      depthwise_weight_gradient(reference, p, x.get(), dy.get(), {dweight.data(), dbias.data()});
      depthwise_weight_gradient(device, p, x.get(), dy.get(), {got.data(), got_bias.data()});
      EXPECT_EQ(got, dweight);
      EXPECT_EQ(got_bias, dbias);
    }
}

TEST(host_threads, gather_patches) {
  for (const window_case& c : windows) {
    const shape out = outputs(c, 1);
    const maps<float> x = exact_maps(2, c.in, 3, 1);
    const rows some{1, 2L * out.height - 1};
    std::vector<float> expected(
        static_cast<std::size_t>(some.count() * out.width * c.w.area() * c.in.channels)),
        got = expected;
    gather_patches(reference, some, c.w, x.get(), out, expected.data());
    gather_patches(device, some, c.w, x.get(), out, got.data());
    EXPECT_EQ(got, expected);
  }
}

TEST(host_threads, sum_over_positions) {
  for (const written_case& at : cases) {
    const maps<float> x = exact_maps(at.batch, at.extent, at.beside, 1),
                      dy = exact_maps(at.batch, at.extent, 0, 2);
    expect_alike(at, {1, 1, at.extent.channels}, [&](const auto& d, const auto& e, const auto& ds) {
      multiply_gradient(d, dy.get(), x.get(), e, ds);
    });
    const auto channels = static_cast<std::size_t>(at.extent.channels),
               images = static_cast<std::size_t>(at.batch);
    const auto compare = [&](std::size_t size, const auto& kernel) {
      std::vector<float> expected(size, -1), got(size, -1);
      kernel(reference, expected.data());
      kernel(device, got.data());
      expect_near(got, expected, 1e-6F);
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

TEST(host_threads, sum_a_large_map) {
  const shape extent{75, 60, 10};
  const maps<float> x = exact_maps(2, extent, 0, 1), dy = exact_maps(2, extent, 0, 2);
  expect_alike({{}, 2, 0}, {1, 1, 10}, [&](const auto& d, const auto& e, const auto& ds) {
    multiply_gradient(d, dy.get(), x.get(), e, ds);
  });
}

TEST(host_threads, normalise_rows) {
  for (const int channels : {1, 5, 8, 12, 40, 600}) {
    const written_case at{{2, 2, channels}, 2, channels % 8 ? 0 : 4};
    const maps<float> x = exact_maps(2, at.extent, 0, 1), dy = exact_maps(2, at.extent, 3, 2);
    const auto weight = eighths(channels, 3), bias = eighths(channels, 4);
    const layer_norm_parameters<float> p{weight.data(), bias.data(), 0.25F};
    expect_alike(
        at, at.extent, [&](const auto& d, const auto& e, const auto& y) { layer_norm(d, x.get(), p, e, y); },
        1e-5F);
    expect_alike(
        at, at.extent,
        [&](const auto& d, const auto& e, const auto& dx) {
          layer_norm_gradient(d, dy.get(), x.get(), p, e, dx);
        },
        1e-5F);
    expect_alike(at, at.extent, [&](const auto& d, const auto& e, const auto& y) {
      local_response_norm(d, local_response<float>{5, 0.5F, 0.75F, 1}, x.get(), e, y);
    });
    expect_alike(at, at.extent, [&](const auto& d, const auto& e, const auto& dx) {
      local_response_norm_gradient(d, local_response<float>{5, 0.5F, 0.75F, 1}, dy.get(), x.get(), e, dx);
    });
    std::vector<float> gradients(static_cast<std::size_t>(2 * channels)), got = gradients, scratch(16);
    const auto weight_gradient = [&](const auto& d, float* to) {
      layer_norm_weight_gradient(d, dy.get(), x.get(), 0.25F, {to, to + channels}, scratch.data());
    };
    weight_gradient(reference, gradients.data());
    weight_gradient(device, got.data());
    expect_near(got, gradients, 1e-5F);
    maps<float> soft = x, softened = x;
    softmax(reference, x.get(), soft.get());
    softmax(device, x.get(), softened.get());
    expect_near(softened.read(), soft.read(), 1e-6F);
    softmax_gradient(reference, x.get(), dy.get(), soft.get());
    softmax_gradient(device, x.get(), dy.get(), softened.get());
    expect_near(softened.read(), soft.read(), 1e-5F);
  }
}

TEST(host_threads, move_channels) {
  for (const written_case& at : cases) {
    const shape in = at.extent, out{in.height + 3, in.width + 1, in.channels + 5};
    const maps<float> x = exact_maps(at.batch, in, 0, 1);
    expect_alike(at, out, [&](const auto& d, const auto& e, const auto& y) {
      pad(d, offset{1, 0, 2}, x.get(), e, y);
    });
    if (in.channels % 4 == 0)
      expect_alike(
          at, in, [&](const auto& d, const auto& e, const auto& y) { channel_shuffle(d, 4, x.get(), e, y); });
  }
}

TEST(host_threads, meet_the_first_bend) {
  for (const shape extent : {shape{2, 3, 5}, shape{40, 30, 20}}) {
    const maps<float> x = exact_maps(2, extent, 0, 1), slope = exact_maps(2, extent, 0, 2);
    std::vector<float> expected{100, 1e-3F}, got = expected;
    bend_reach(reference, x.get(), slope.get(), 0.0625F, expected.data());
    bend_reach(device, x.get(), slope.get(), 0.0625F, got.data());
    EXPECT_EQ(got, expected);
  }
}

TEST(host_threads, walk_lines_and_add_up_rows) {
  for (const long size : {1L, 7L, 784L}) {
    constexpr long count = 50;
    const auto from = eighths(size, 1), to = eighths(size, 2), weights = eighths(count, 4);
    auto positions = eighths(count, 3);
    positions[7] = 1;
    std::vector<float> expected(static_cast<std::size_t>(count * size)), got = expected;
    line(reference, count, size, from.data(), to.data(), positions.data(), expected.data());
    line(device, count, size, from.data(), to.data(), positions.data(), got.data());
    EXPECT_EQ(got, expected);
    std::vector<double> sum(static_cast<std::size_t>(size), 1.5), added = sum;
    accumulate(reference, count, size, expected.data(), weights.data(), sum.data());
    accumulate(device, count, size, expected.data(), weights.data(), added.data());
    EXPECT_EQ(added, sum);
  }
}

}  // namespace
}  // namespace salient::kernel
