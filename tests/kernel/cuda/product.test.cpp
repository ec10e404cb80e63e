// SPDX-License-Identifier: MIT
// label: cuda
#include "kernel/cuda/product.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/conv_problems.hpp"
#include "kernel/cuda/mapped_heap.hpp"
#include "laws/devices.hpp"
#include "salient/device/gpu.hpp"

namespace salient::kernel {
namespace {

/// For every pair of a result and a tap: the source that the result reads there, or -1.
std::vector<int> read_by_phases(const cuda::product_axis& axis) {
  std::vector<int> read(static_cast<std::size_t>(axis.results * axis.taps), -1);
  for (int p = 0; p < axis.phases(); ++p) {
    const cuda::axis_phase own = axis.phase(p);
    for (int i = 0; i < own.count; ++i)
      for (int t = 0; t < own.taps; ++t) {
        const int source = i * axis.step() + own.origin + t * own.move;
        if (source < 0 || source >= axis.sources) continue;
        const int result = own.first + i * axis.phases(), tap = own.first_tap + t * own.tap_step;
        int& place = read[static_cast<std::size_t>(result * axis.taps + tap)];
        EXPECT_EQ(place, -1) << "read twice";
        place = source;
      }
  }
  return read;
}

TEST(product_axis, reads_what_windows_read_forward_and_backward) {
  long pairs = 0;
  for (int taps = 1; taps <= 4; ++taps)
    for (int stride = 1; stride <= 4; ++stride)
      for (int dilation = 1; dilation <= 6; ++dilation)
        for (int before = 0; before <= 3; ++before)
          for (const int size : {1, 2, 7, 12}) {
            const int out = std::max(1, (size + 2 * before - (taps - 1) * dilation - 1) / stride + 1);
            const auto forward = read_by_phases({out, size, taps, stride, before, dilation, false});
            const auto back = read_by_phases({size, out, taps, stride, before, dilation, true});
            for (int y = 0; y < out; ++y)
              for (int t = 0; t < taps; ++t) {
                const int x = y * stride - before + t * dilation;
                const bool inside = x >= 0 && x < size;
                ASSERT_EQ(forward[static_cast<std::size_t>(y * taps + t)], inside ? x : -1);
                if (!inside) continue;
                ++pairs;
                ASSERT_EQ(back[static_cast<std::size_t>(x * taps + t)], y)
                    << "stride " << stride << " dilation " << dilation << " padding " << before;
              }
            const auto read = [](int source) { return source >= 0; };
            ASSERT_EQ(std::ranges::count_if(forward, read), std::ranges::count_if(back, read));
          }
  EXPECT_GT(pairs, 1000);
}

// Besides the problems of every device: many tiles of each kind, sums in several parts, images in pieces.
constexpr problem large[] = {
    {"large_tiles", {56, 56, 32}, 128, square(3, 1, 1), 4},
    {"tall_tiles", {40, 41, 32}, 64, square(3, 1, 1), 8},
    {"in_parts", {14, 14, 256}, 192, square(3, 1, 1)},
    {"in_parts_by_phases", {15, 14, 128}, 96, square(3, 2, 1), 2},
    {"in_parts_with_odd_channels", {7, 7, 130}, 70, square(3, 1, 1)},
    {"pointwise_half", {28, 28, 128}, 256, square(1, 2, 0), 2},
    {"dense_deep", {1, 1, 9216}, 512, {}, 9},
    {"dense_of_few", {1, 1, 2052}, 1000, {}, 3},
    {"dense_of_many", {1, 1, 512}, 100, {}, 200},
    {"first_of_vgg", {64, 64, 3}, 64, square(3, 1, 1), 2},
    {"groups_of_four", {20, 21, 128}, 128, square(3, 1, 1), 3, 32},
};

#ifdef SALIENT_WITH_CUDA

template <class Problems>
void expect_right(const gpu& device, const Problems& problems) {
  for (const problem& p : problems) {
    SCOPED_TRACE(p.name);
    const auto expected = expected_answers(p);
    const mapped_heap heap;
    const operands<float> of(p);
    for (const epilogue_kind& kind : some_epilogues(static_cast<std::size_t>(&p - std::begin(problems)))) {
      SCOPED_TRACE(kind.name);
      conv_answers<float> got(p, kind);
      compute(device, p, of, got);
      synchronise(device);
      expect_answers(p, expected, got);
    }
  }
}

TEST_ON_GPU(products, are_what_naive_loops_give) { expect_right(*laws::tested_gpu(), problems); }
TEST_ON_GPU(products, by_eigen_are_what_naive_loops_give) {
  expect_right(gpu(implementation::eigen), problems);
}

/// Norm of the difference, relative to the norm.
double difference(const std::vector<float>& a, const std::vector<float>& b) {
  double apart = 0, all = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    apart += (a[i] - b[i]) * (a[i] - b[i]);
    all += b[i] * b[i];
  }
  return std::sqrt(apart / all);
}

/// How much larger a is than b on average: 1 if equal.
double ratio(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0) /
         std::inner_product(b.begin(), b.end(), b.begin(), 0.0);
}

/// The results of a device for a problem, with a mask.
struct answered {
  conv_answers<float> results;
  answered(const gpu& device, const problem& p, const operands<float>& of)
      : results(p, {.name = "relu", .f = function::relu}) {
    compute(device, p, of, results);
    synchronise(device);
  }
  std::vector<float> y() const { return results.y.read(); }
  std::vector<float> dx() const { return results.dx.read(); }
  std::vector<std::uint8_t> mask() const { return results.after_y.recorded_mask; }
};

TEST_ON_GPU(products, of_many_tiles_are_those_of_eigen) {
  const gpu eigen(implementation::eigen), direct(implementation::direct);
  for (const problem& p : large) {
    SCOPED_TRACE(p.name);
    const mapped_heap heap;
    const operands<float> of(p);
    const answered sums(direct, p, of), reference(eigen, p, of);
    EXPECT_LT(difference(sums.y(), reference.y()), 4e-6);
    EXPECT_LT(difference(sums.dx(), reference.dx()), 4e-6);
    const auto bits = sums.mask(), expected = reference.mask();
    const long apart = std::transform_reduce(bits.begin(), bits.end(), expected.begin(), 0L, std::plus(),
                                             std::not_equal_to());
    EXPECT_LT(apart, static_cast<long>(bits.size()) / 1000 + 1) << "bytes; a value near 0 may differ in sign";
  }
}

/// Whatever the number of tiles, of channels and the padding: products decide by their sizes whether
/// Winograd's algorithm is worth it, so it is asked for here. Only the widest of these takes its weights in
/// two ranges of filters, and the last its tiles in several.
constexpr problem by_winograd[] = {
    {"same", {13, 18, 32}, 48, square(3, 1, 1), 3}, {"valid", {9, 9, 16}, 64, square(3, 1, 0), 2},
    {"full", {4, 5, 64}, 32, square(3, 1, 2)},      {"uneven", {8, 7, 16}, 16, {3, 3, 1, 1, 1, 0, 0, 2}},
    {"wide", {8, 8, 512}, 576, square(3, 1, 1)},    {"many_tiles", {112, 116, 64}, 128, square(3, 1, 1), 2},
};

TEST_ON_GPU(products, by_winograd_are_those_of_direct_sums) {
  const gpu& card = *laws::tested_gpu();
  const gpu direct(implementation::direct);
  for (const problem& p : by_winograd) {
    SCOPED_TRACE(p.name);
    const mapped_heap heap;
    const operands<float> of(p);
    int tried = 0;
    for (const epilogue_kind& kind : some_epilogues(static_cast<std::size_t>(&p - std::begin(by_winograd)))) {
      SCOPED_TRACE(kind.name);
      conv_answers<float> got(p, kind), expected(p, kind);
      const auto forward =
          cuda::forward_product(p.conv(), of.x.get(), {of.weight.data(), nullptr, of.bias.data()},
                                got.after_y.prepare(got.y), got.y.get());
      const auto back =
          cuda::adjoint_product(p.conv(), of.dy.get(), {of.weight.data(), nullptr, nullptr, of.scale.data()},
                                got.after_x.prepare(got.dx), got.dx.get());
      if (!cuda::fits_winograd(forward) || !cuda::fits_winograd(back)) continue;  // an addend between others
      ++tried;
      constexpr long floats_of_tiles = 8L << 20;
      cuda::enqueue_winograd(card, forward, floats_of_tiles);
      cuda::enqueue_winograd(card, back, floats_of_tiles);
      compute(direct, p, of, expected);
      synchronise(card);
      synchronise(direct);
      EXPECT_LT(difference(got.y.read(), expected.y.read()), 1e-5);
      EXPECT_LT(difference(got.dx.read(), expected.dx.read()), 1e-5);
      EXPECT_NE(got.y.read(), expected.y.read()) << "direct sums";
      const auto& bits = got.after_y.recorded_mask;
      const auto& others = expected.after_y.recorded_mask;
      const long apart = std::transform_reduce(bits.begin(), bits.end(), others.begin(), 0L, std::plus(),
                                               std::not_equal_to());
      EXPECT_LT(apart, static_cast<long>(bits.size()) / 500 + 1)
          << "bytes; a value near 0 may differ in sign";
    }
  }
}

TEST_ON_GPU(products, in_tf32_are_near_those_in_float32_but_not_equal) {
  const gpu rounding(0, precision::tf32);
  for (const problem& p : large) {
    SCOPED_TRACE(p.name);
    const mapped_heap heap;
    const operands<float> of(p);
    const answered exact(*laws::tested_gpu(), p, of), rounded(rounding, p, of);
    const double forward = difference(rounded.y(), exact.y()), back = difference(rounded.dx(), exact.dx());
    EXPECT_LT(forward, 1e-3);
    EXPECT_LT(back, 1e-3);
    if (std::string_view(p.name) == "large_tiles") {  // all of its products are the tensor cores'
      EXPECT_GT(forward, 1e-5);
      EXPECT_GT(back, 1e-5);
      EXPECT_NEAR(ratio(rounded.y(), exact.y()), 1, 1e-4) << "as if all operands were cut off";
      EXPECT_NEAR(ratio(rounded.dx(), exact.dx()), 1, 1e-4);
    }
  }
}

TEST_ON_GPU(products, have_the_same_bits_every_time) {
  for (const problem& p : large) {
    SCOPED_TRACE(p.name);
    const mapped_heap heap;
    const operands<float> of(p);
    const answered one(*laws::tested_gpu(), p, of), other(*laws::tested_gpu(), p, of);
    EXPECT_EQ(one.y(), other.y());
    EXPECT_EQ(one.dx(), other.dx());
    EXPECT_EQ(one.mask(), other.mask());
  }
}

#endif

}  // namespace
}  // namespace salient::kernel
