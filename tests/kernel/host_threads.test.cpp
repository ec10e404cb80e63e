// SPDX-License-Identifier: MIT
// label: threads
// label: optimised

// The kernels' code for GPUs, on the host. gpu_kernels.test.cpp asks the same of a GPU.
#include "kernel/host_threads.hpp"

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

#include "kernel/alike.hpp"
#include "kernel/depthwise.hpp"
#include "kernel/patches.hpp"

namespace salient::kernel {

template <class T>
void conv(const host_threads& d, const conv_problem& p, const view<const T>& x, const conv_weights<T>& w,
          const epilogue<T>& e, const view<T>& y, T*) {
  depthwise(d, p, x, w, e, y);
}
template <class T>
void conv_input_gradient(const host_threads& d, const conv_problem& p, const view<const T>& dy,
                         const conv_weights<T>& w, const epilogue<T>& e, const view<T>& dx, T*) {
  depthwise_input_gradient(d, p, dy, w, e, dx);
}
template <class T>
void conv_weight_gradient(const host_threads& d, const conv_problem& p, const view<const T>& x,
                          const view<const T>& dy, const conv_gradients<T>& to, T*) {
  depthwise_weight_gradient(d, p, x, dy, to);
}

namespace {

using namespace alike;

const host_threads device;

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

TEST(host_threads, write_results_and_masks) {
  device.single = device.fours = 0;
  alike::write_results_and_masks(device);
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
    expect_alike(device, {extent, 2, 0}, extent, [&](const auto& d, const auto& e, const auto& y) {
      if constexpr (!has_threads<std::decay_t<decltype(d)>>) return apply(d, x.get(), e, y);
      copy(d, {0, cut}, e, y);
      copy(d, {cut, extent.channels - cut}, e, y);
    });
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

TEST(host_threads, convolve_depthwise) {
  device.tiled = 0;
  alike::convolve_depthwise(device);
  const int launches =
      2 * 2 * static_cast<int>(std::size(epilogue_kinds));  // both passes, with and without extras
  EXPECT_EQ(device.tiled, 7 * launches);
}

TEST(host_threads, pool) { alike::pool(device); }
TEST(host_threads, sum_over_positions) { alike::sum_over_positions(device); }
TEST(host_threads, sum_a_large_map) { alike::sum_a_large_map(device); }
TEST(host_threads, normalise_rows) { alike::normalise_rows(device); }
TEST(host_threads, move_channels) { alike::move_channels(device); }
TEST(host_threads, meet_the_first_bend) { alike::meet_the_first_bend(device); }
TEST(host_threads, walk_lines_and_add_up_rows) { alike::walk_lines_and_add_up_rows(device); }

}  // namespace
}  // namespace salient::kernel
