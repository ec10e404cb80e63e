// SPDX-License-Identifier: MIT
// label: threads
// label: optimised

// Pools against naive loops in double: the portable kernels in both scalars, and the direct kernels of each
// instruction set, which do not depend on how the work is shared.
#include "salient/kernel/pool.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>

#include <gtest/gtest.h>

#include "kernel/direct/direct.hpp"
#include "kernel/epilogues.hpp"
#include "kernel/instruction_sets.hpp"
#include "salient/device/cpu.hpp"

namespace salient::kernel {
namespace {

struct pooling {
  const char* name;
  shape in;
  window w;
  long batch = 1;
  int beside = 0;
  bool ceil = false;      ///< windows may extend beyond the padding
  bool adaptive = false;  ///< w.height x w.width windows divide the image

  shape out() const {
    if (adaptive) return {w.height, w.width, in.channels};
    const auto outputs = [&](int size, int reach, int stride, int after) {
      int n = (size - reach + (ceil ? stride - 1 : 0)) / stride + 1;
      if (ceil && (n - 1) * stride >= size - after) --n;  // as PyTorch: the last window starts in the image
      return n;
    };
    return {outputs(in.height + w.top + w.bottom, w.reach_y(), w.stride_y, w.bottom),
            outputs(in.width + w.left + w.right, w.reach_x(), w.stride_x, w.right), in.channels};
  }
  friend void PrintTo(const pooling& p, std::ostream* out) { *out << p.name; }
};

constexpr window square(int size, int stride, int pad, int dilation = 1) {
  return {size, size, stride, stride, pad, pad, pad, pad, dilation, dilation};
}

constexpr pooling poolings[] = {
    {"halves", {8, 10, 16}, square(2, 2, 0), 2},
    {"digits", {28, 28, 1}, square(2, 2, 0)},
    {"leaves_inputs_out", {7, 9, 33}, square(2, 2, 0), 2},
    {"overlaps", {9, 8, 20}, square(3, 2, 1), 2},
    {"overlaps_everywhere", {6, 7, 70}, square(3, 1, 1)},
    {"whole", {7, 7, 21}, square(7, 7, 0), 3},
    {"apart", {11, 10, 5}, square(2, 3, 0), 2},
    {"rectangles", {9, 11, 17}, {2, 4, 3, 1, 1, 2, 0, 1}, 2},
    {"ceil", {8, 9, 18}, square(3, 2, 0), 2, 0, true},
    {"ceil_and_padding", {7, 8, 12}, square(3, 2, 1), 2, 0, true},
    {"dilated", {9, 10, 6}, square(3, 1, 1, 2), 2},
    {"dilated_half", {11, 12, 16}, square(2, 2, 1, 3)},
    {"slice", {6, 7, 24}, square(3, 2, 1), 2, 5},
    {"adaptive_whole", {5, 6, 19}, {1, 1}, 2, 0, false, true},
    {"adaptive_divides", {8, 6, 16}, {4, 2}, 1, 0, false, true},
    {"adaptive_overlaps", {7, 10, 20}, {3, 4}, 2, 3, false, true},
    {"adaptive_enlarges", {3, 2, 9}, {7, 5}, 1, 0, false, true},
};

/// Calls visit(tap, y, x) for every position of a window that lies in the image.
template <class F>
void for_each_inside(const pooling& p, int row, int column, const F& visit) {
  const window& w = p.w;
  for (int ky = 0; ky < w.height; ++ky)
    for (int kx = 0; kx < w.width; ++kx) {
      const int y = row * w.stride_y - w.top + ky * w.dilation_y;
      const int x = column * w.stride_x - w.left + kx * w.dilation_x;
      if (y >= 0 && y < p.in.height && x >= 0 && x < p.in.width) visit(ky * w.width + kx, y, x);
    }
}

struct pool_answers {
  std::vector<double> y, dx, slope, reach;
  std::vector<std::uint16_t> switches;
};

std::size_t index(long n, int y, int x, int c, shape s) {
  return static_cast<std::size_t>(((n * s.height + y) * s.width + x) * s.channels + c);
}

template <class F>
void for_each_output(const pooling& p, const F& visit) {
  for (long n = 0; n < p.batch; ++n)
    for (int row = 0; row < p.out().height; ++row)
      for (int column = 0; column < p.out().width; ++column)
        for (int c = 0; c < p.in.channels; ++c) visit(n, row, column, c);
}

pool_answers naive_max(const pooling& p, const std::vector<double>& x, const std::vector<double>& dy,
                       const std::vector<double>& slope) {
  pool_answers r{std::vector<double>(dy.size(), -std::numeric_limits<double>::infinity()),
                 std::vector<double>(x.size()), std::vector<double>(dy.size()),
                 std::vector<double>(static_cast<std::size_t>(p.batch), 10.0),
                 std::vector<std::uint16_t>(dy.size())};
  for_each_output(p, [&](long n, int row, int column, int c) {
    const auto o = index(n, row, column, c, p.out());
    std::size_t winner = 0;
    bool any = false;
    for_each_inside(p, row, column, [&](int tap, int i, int j) {
      const auto at = index(n, i, j, c, p.in);
      if (any && x[at] <= r.y[o]) return;
      any = true;
      winner = at;
      r.y[o] = x[at];
      r.switches[o] = static_cast<std::uint16_t>(tap);
    });
    if (!any) return;
    r.dx[winner] += dy[o];
    r.slope[o] = slope[winner];
    for_each_inside(p, row, column, [&](int, int i, int j) {
      const auto at = index(n, i, j, c, p.in);
      if (x[at] < x[winner] && slope[at] > slope[winner]) {
        double& reach = r.reach[static_cast<std::size_t>(n)];
        reach = std::min(reach, (x[winner] - x[at]) / (slope[at] - slope[winner]));
      }
    });
  });
  return r;
}

pool_answers naive_mean(const pooling& p, divisor by, const std::vector<double>& x,
                        const std::vector<double>& dy) {
  pool_answers r{std::vector<double>(dy.size()), std::vector<double>(x.size()), {}, {}, {}};
  for_each_output(p, [&](long n, int row, int column, int c) {
    const auto o = index(n, row, column, c, p.out());
    std::vector<std::size_t> read;
    double count = 0;
    if (p.adaptive) {
      const auto first = [](int i, int size, int outputs) { return i * size / outputs; };
      const auto last = [](int i, int size, int outputs) { return ((i + 1) * size + outputs - 1) / outputs; };
      for (int i = first(row, p.in.height, p.w.height); i < last(row, p.in.height, p.w.height); ++i)
        for (int j = first(column, p.in.width, p.w.width); j < last(column, p.in.width, p.w.width); ++j)
          read.push_back(index(n, i, j, c, p.in));
      count = static_cast<double>(read.size());
    } else {
      for_each_inside(p, row, column, [&](int, int i, int j) { read.push_back(index(n, i, j, c, p.in)); });
      pooling in_padding = p;  // treats the padding as part of the image
      in_padding.in = {p.in.height + p.w.top + p.w.bottom, p.in.width + p.w.left + p.w.right, 1};
      in_padding.w.top = in_padding.w.left = 0;
      if (by == divisor::window)
        for_each_inside(in_padding, row, column, [&](int, int, int) { ++count; });
      else
        count = static_cast<double>(read.size());
    }
    for (const std::size_t at : read) {
      r.y[o] += x[at] / count;
      r.dx[at] += dy[o] / count;
    }
  });
  return r;
}

/// The operands of a pool and its outputs, which are filled with NaN.
template <class T>
struct pool_run {
  pooling p;
  maps<T> x, dy, slope, y, dx, y_slope;
  std::vector<std::uint16_t> switches;
  std::vector<T> reach;
  test_epilogue<T> after_y, after_x;

  pool_run(const pooling& p, const epilogue_kind& kind)
      : p(p),
        x(p.batch, p.in, p.beside, 1u),
        dy(p.batch, p.out(), p.beside, 2u),
        slope(p.batch, p.in, p.beside, 3u),
        y(p.batch, p.out(), p.beside, 4u),
        dx(p.batch, p.in, p.beside, 5u),
        y_slope(p.batch, p.out(), p.beside, 6u),
        switches(static_cast<std::size_t>(p.batch * p.out().elements()), 0xFFFF),
        reach(static_cast<std::size_t>(p.batch), T(10)),
        after_y(kind, p.batch, p.out(), 10),
        after_x(kind, p.batch, p.in, 30) {}

  template <class D>
  void max(const D& d) {
    max_pool<D, T>(d, p.w, x.get(), after_y.prepare(y), y.get(), switches.data());
    max_pool_gradient<D, T>(d, p.w, dy.get(), switches.data(), after_x.prepare(dx), dx.get());
    max_pool_slope<D, T>(d, p.w, slope.get(), switches.data(), y_slope.get());
    max_pool_reach<D, T>(d, p.w, x.get(), slope.get(), y.get(), switches.data(), reach.data());
  }
  template <class D>
  void mean(const D& d, divisor by) {
    const auto e = after_y.prepare(y), f = after_x.prepare(dx);
    if (p.adaptive) {
      adaptive_avg_pool<D, T>(d, x.get(), e, y.get());
      adaptive_avg_pool_gradient<D, T>(d, dy.get(), f, dx.get());
    } else {
      avg_pool<D, T>(d, p.w, by, x.get(), e, y.get());
      avg_pool_gradient<D, T>(d, p.w, by, dy.get(), f, dx.get());
    }
  }
  void max_in_parts(int parts) {
    const auto e = after_y.prepare(y), f = after_x.prepare(dx);
    for (int i = parts; i-- > 0;) direct::max_pool{p.w, x.get(), e, y.get(), switches.data()}({i, parts});
    for (int i = parts; i-- > 0;)
      direct::max_pool_gradient{p.w, dy.get(), switches.data(), f, dx.get()}({i, parts});
  }
  void mean_in_parts(divisor by, int parts) {
    const auto e = after_y.prepare(y), f = after_x.prepare(dx);
    const mean_windows w = p.adaptive ? dividing_means(p.in, p.out()) : sliding_means(p.w, by, p.in, p.out());
    for (int i = parts; i-- > 0;) direct::avg_pool{w, x.get(), e, y.get()}({i, parts});
    for (int i = parts; i-- > 0;) direct::avg_pool_gradient{w, dy.get(), f, dx.get()}({i, parts});
  }

  void expect(const pool_answers& expected) const {
    const pool_run<double> exact(p, after_y.kind);
    expect_results(y.read(), after_y, {exact.after_y, expected.y}, p.w.area());
    expect_results(dx.read(), after_x, {exact.after_x, expected.dx}, p.w.area());
  }
  void expect_same(const pool_run& other) const {
    EXPECT_EQ(y.read(), other.y.read());
    EXPECT_EQ(dx.read(), other.dx.read());
    EXPECT_EQ(switches, other.switches);
    EXPECT_EQ(after_y.bits(), other.after_y.bits());
    EXPECT_EQ(after_x.bits(), other.after_x.bits());
  }
};

struct max_pools : ::testing::TestWithParam<pooling> {};

TEST_P(max_pools, are_what_naive_loops_give) {
  const pooling& p = GetParam();
  const pool_run<double> of(p, {.name = "none"});
  const auto expected = naive_max(p, of.x.read(), of.dy.read(), of.slope.read());
  for (const epilogue_kind& kind : some_epilogues(std::string(p.name).size())) {
    const auto check = [&]<class T, class D>(const D& d, T) {
      pool_run<T> got(p, kind);
      got.max(d);
      EXPECT_EQ(got.switches, expected.switches);
      got.expect(expected);
      expect_close(got.y_slope.read(), expected.slope, 1, "slope");
      expect_close(got.reach, expected.reach, 1, "reach", 10);
    };
    check(cpu{}, double{});
    check(cpu_pool(3, implementation::eigen), float{});
    by_each_instruction_set([&] {
      check(cpu{}, float{});
      pool_run<float> alone(p, kind);
      alone.max_in_parts(1);
      for (const int parts : {2, 3, 7}) {
        pool_run<float> together(p, kind);
        together.max_in_parts(parts);
        together.expect_same(alone);
      }
    });
  }
}

struct mean_pools : ::testing::TestWithParam<pooling> {};

TEST_P(mean_pools, are_what_naive_loops_give) {
  const pooling& p = GetParam();
  const pool_run<double> of(p, {.name = "none"});
  for (const divisor by : {divisor::window, divisor::inside}) {
    const auto expected = naive_mean(p, by, of.x.read(), of.dy.read());
    for (const epilogue_kind& kind : some_epilogues(std::string(p.name).size())) {
      const auto check = [&]<class T, class D>(const D& d, T) {
        pool_run<T> got(p, kind);
        got.mean(d, by);
        got.expect(expected);
      };
      check(cpu{}, double{});
      check(cpu_pool(3, implementation::eigen), float{});
      by_each_instruction_set([&] {
        check(cpu{}, float{});
        pool_run<float> alone(p, kind);
        alone.mean_in_parts(by, 1);
        for (const int parts : {2, 3, 7}) {
          pool_run<float> together(p, kind);
          together.mean_in_parts(by, parts);
          together.expect_same(alone);
        }
      });
    }
  }
}

TEST(max_pools_of_two, keep_what_is_not_a_number_and_the_first_of_equals) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const pooling p{"two", {2, 2, 18}, square(2, 2, 0)};
  const auto check = [&](const cpu& d) {
    for (int at = 0; at < 4; ++at) {
      pool_run<float> run(p, {.name = "none"});
      for (int i = 0; i < 4; ++i)
        for (int c = 0; c < 18; ++c) run.x.get()(0, i / 2, i % 2, c) = c % 2 ? 1 : i == at ? nan : 0.5F;
      run.max(d);
      for (int c = 0; c < 18; ++c) {
        EXPECT_EQ(std::isnan(run.y.read()[static_cast<std::size_t>(c)]), c % 2 == 0);
        EXPECT_EQ(run.switches[static_cast<std::size_t>(c)], c % 2 ? 0 : at);
      }
    }
  };
  check(cpu(implementation::eigen));
  by_each_instruction_set([&] { check(cpu{}); });
}

// A dilated window may lie outside the image entirely. Its maximum is minus infinity, which belongs to no
// input and has no slope.
TEST(max_pools_of_two, may_lie_outside_the_image) {
  const pooling p{"outside", {1, 4, 19}, {2, 2, 1, 2, 1, 0, 1, 0, 2, 1}};
  const auto check = [&](const cpu& d) {
    pool_run<float> run(p, {.name = "none"});
    run.max(d);
    ASSERT_EQ(p.out(), (shape{1, 2, 19}));
    for (const float v : run.y.read()) EXPECT_EQ(v, -std::numeric_limits<float>::infinity());
    for (const float v : run.dx.read()) EXPECT_EQ(v, 0);
    for (const float v : run.y_slope.read()) EXPECT_EQ(v, 0);
    EXPECT_EQ(run.reach[0], 10);
  };
  check(cpu(implementation::eigen));
  by_each_instruction_set([&] { check(cpu{}); });
}

std::vector<pooling> sliding() {
  std::vector<pooling> some;
  std::ranges::copy_if(poolings, std::back_inserter(some), [](const pooling& p) { return !p.adaptive; });
  return some;
}

INSTANTIATE_TEST_SUITE_P(poolings, max_pools, ::testing::ValuesIn(sliding()));
INSTANTIATE_TEST_SUITE_P(poolings, mean_pools, ::testing::ValuesIn(poolings));

}  // namespace
}  // namespace salient::kernel
