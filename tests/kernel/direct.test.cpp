// SPDX-License-Identifier: MIT
// label: threads

// The direct kernels, by each instruction set that this machine has, against Eigen in double; and that no
// result depends on how the work was shared, bit for bit.
#include "kernel/direct/direct.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <string>
#include <valarray>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "laws/noise.hpp"
#include "salient/device/cpu.hpp"
#include "salient/kernel/activation.hpp"
#include "salient/kernel/conv.hpp"
#include "salient/kernel/map.hpp"
#include "salient/kernel/pool.hpp"

namespace salient::kernel {
namespace {

using laws::noise;

struct problem {
  const char* name;
  shape in;
  int filters;
  window w;
  long batch;

  shape out() const {
    return {(in.height + 2 * w.top - w.height) / w.stride_y + 1,
            (in.width + 2 * w.left - w.width) / w.stride_x + 1, filters};
  }

  /// CTest's name for it.
  friend void PrintTo(const problem& p, std::ostream* out) { *out << p.name; }
};

// Channels below, at, beside and above whole vectors, tiles and blocks; windows that reach over every side,
// that leave inputs out, and that are larger than the image; rows of several tiles.
constexpr problem problems[] = {
    {"digits_first", {28, 28, 1}, 16, {3, 3, 1, 1, 0, 0}, 2},
    {"digits_second", {13, 13, 16}, 32, {3, 3, 1, 1, 0, 0}, 3},
    {"same", {9, 10, 16}, 48, {3, 3, 1, 1, 1, 1}, 2},
    {"in_colour", {14, 15, 3}, 64, {3, 3, 1, 1, 1, 1}, 1},
    {"stride_two", {15, 17, 5}, 7, {3, 2, 2, 3, 1, 0}, 2},
    {"seven", {20, 19, 3}, 70, {7, 7, 2, 2, 3, 3}, 1},
    {"five_and_deep", {6, 7, 300}, 65, {5, 5, 1, 1, 2, 2}, 1},
    {"pointwise", {5, 6, 33}, 130, {1, 1, 1, 1, 0, 0}, 2},
    {"half", {9, 9, 20}, 12, {1, 1, 2, 2, 0, 0}, 2},
    {"leaves_inputs_out", {11, 11, 3}, 3, {2, 2, 3, 3, 0, 0}, 2},
    {"larger_than_the_image", {3, 2, 17}, 2, {7, 7, 1, 1, 3, 3}, 1},
    {"two_filters_of_many", {8, 8, 64}, 2, {3, 3, 1, 1, 1, 1}, 2},
    {"resnet_first", {16, 15, 3}, 64, {7, 7, 2, 2, 3, 3}, 2},
    {"four_channels", {9, 8, 4}, 32, {3, 3, 1, 1, 1, 1}, 2},
    {"wide_in_colour", {5, 43, 3}, 32, {3, 3, 1, 1, 1, 1}, 2},
    {"wide_two", {4, 37, 2}, 16, {3, 3, 1, 1, 1, 1}, 1},
    {"wide_four", {4, 37, 4}, 16, {3, 3, 1, 1, 1, 1}, 1},
    {"wide_half", {7, 67, 16}, 3, {3, 3, 2, 2, 1, 1}, 2},
    {"deep_half", {7, 7, 20}, 300, {3, 3, 2, 2, 1, 1}, 2},
    {"few_left_out", {11, 11, 3}, 16, {2, 2, 3, 3, 0, 0}, 2},
    {"one_channel_odd", {9, 8, 1}, 5, {3, 3, 1, 1, 1, 1}, 1},
    {"deep", {5, 5, 200}, 200, {3, 3, 1, 1, 1, 1}, 1},
    {"dense", {1, 1, 784}, 10, {}, 5},
    {"dense_odd", {1, 1, 1027}, 37, {}, 3},
    {"dense_of_one", {1, 1, 130}, 20, {}, 1},
    {"dense_small", {1, 1, 3}, 2, {}, 9},
};

/// Every third of them or so is false.
std::valarray<bool> gate(long size, unsigned seed) {
  const auto values = noise<float>(size, seed);
  std::valarray<bool> result(values.size());
  std::ranges::transform(values, std::begin(result), [](float v) { return v > -0.3F; });
  return result;
}

template <class T>
struct numbers {
  std::vector<T> x, dy, weight, bias;
  std::valarray<bool> gate_y, gate_x;
};

template <class T>
numbers<T> numbers_of(const problem& p) {
  const long weights = p.w.area() * p.in.channels * p.filters;
  const long inputs = p.batch * p.in.elements(), outputs = p.batch * p.out().elements();
  return {noise<T>(inputs, 1),    noise<T>(outputs, 2), noise<T>(weights, 3),
          noise<T>(p.filters, 4), gate(outputs, 5),     gate(inputs, 6)};
}

template <class T>
struct results {
  std::vector<T> y, dx, dweight, dbias;
  std::valarray<bool> signs{};  ///< of y
};

/// Everything that convolutions compute, poisoned first.
template <class T, class D>
results<T> compute(const D& device, const problem& p, const numbers<T>& n, bool gated, bool rectify) {
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  const shape out = p.out();
  std::vector<T> packed,
      scratch(static_cast<std::size_t>(
          std::max(conv_scratch(p.w, p.in, out, p.batch), conv_gradient_scratch(p.w, p.in, out, p.batch))));
  if (reads_packed<T>(device) && !(p.w.pointwise() && p.in.positions() == 1)) {
    packed.assign(static_cast<std::size_t>(packed_elements(p.w, p.in.channels, p.filters)), nan);
    const long half = p.filters / 2, patch = p.w.area() * p.in.channels;
    pack(device, p.w, p.in.channels, p.filters, 0, half, n.weight.data(), packed.data());
    pack(device, p.w, p.in.channels, p.filters, half, p.filters - half, n.weight.data() + half * patch,
         packed.data());
  }
  const T* const weights = packed.empty() ? nullptr : packed.data();
  results<T> r{std::vector<T>(n.dy.size(), nan), std::vector<T>(n.x.size(), nan),
               std::vector<T>(n.weight.size(), nan), std::vector<T>(n.bias.size(), nan),
               std::valarray<bool>(n.dy.size())};
  conv(device, p.batch, p.w, p.in, out, n.x.data(), n.weight.data(), weights, n.bias.data(),
       {.rectify = rectify, .signs = &r.signs[0], .gate = gated ? &n.gate_y[0] : nullptr}, r.y.data(),
       scratch.data());
  conv_input_gradient(device, p.batch, p.w, p.in, out, n.dy.data(), n.weight.data(), weights,
                      {.rectify = rectify, .gate = gated ? &n.gate_x[0] : nullptr}, r.dx.data(),
                      scratch.data());
  conv_weight_gradient(device, p.batch, p.w, p.in, out, n.x.data(), n.dy.data(), r.dweight.data(),
                       r.dbias.data(), scratch.data());
  return r;
}

/// What compute does with both a gate and a ReLU, in as many parts, however small the work.
results<float> in_parts(const problem& p, const numbers<float>& n, int parts) {
  const shape out = p.out();
  results<float> r{n.dy, n.x, n.weight, n.bias, std::valarray<bool>(n.dy.size())};
  const finish after_y{.rectify = true, .signs = &r.signs[0], .gate = &n.gate_y[0]},
      after_x{.rectify = true, .gate = &n.gate_x[0]};
  std::vector<float> packed(static_cast<std::size_t>(packed_elements(p.w, p.in.channels, p.filters))),
      padded(static_cast<std::size_t>(padded_elements(p.w, p.in, out, p.batch)));
  pack(cpu{}, p.w, p.in.channels, p.filters, 0, p.filters, n.weight.data(), packed.data());
  for (int i = parts; i-- > 0;) {
    const share s{i, parts};
    const auto images = direct::pad(s, p.batch, p.w, p.in, out, n.x.data(), padded.data());
    if (p.in.positions() == 1) {
      direct::dense(s, p.batch, p.in.channels, p.filters, n.x.data(), n.weight.data(), n.bias.data(), after_y,
                    r.y.data());
      direct::dense_input_gradient(s, p.batch, p.in.channels, p.filters, n.dy.data(), n.weight.data(),
                                   after_x, r.dx.data());
    } else {
      direct::convolve(direct::forward_sweep(p.batch, p.w, p.in, out), s, n.x.data(), packed.data(),
                       n.bias.data(), after_y, r.y.data());
      for (int y = 0; y < p.w.stride_y; ++y)
        for (int x = 0; x < p.w.stride_x; ++x)
          direct::convolve(direct::adjoint_sweep(p.batch, p.w, p.in, out, y, x), s, n.dy.data(),
                           packed.data(), nullptr, after_x, r.dx.data());
    }
    if (i > 0) continue;
    for (int j = 0; j < parts; ++j)  // once all images are padded
      direct::weight_gradient({j, parts}, p.batch, p.w, p.in, out, images, n.dy.data(), r.dweight.data(),
                              r.dbias.data());
  }
  return r;
}

void expect_close(const std::vector<float>& got, const std::vector<double>& expected, long terms,
                  const std::string& what) {
  ASSERT_EQ(got.size(), expected.size());
  double largest = 1;
  for (const double v : expected) largest = std::max(largest, std::abs(v));
  const double allowed = 2e-7 * (std::sqrt(static_cast<double>(terms)) + 4) * largest;
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_LE(std::abs(got[i] - expected[i]), allowed)
        << got[i] << " for " << expected[i] << ", " << what << " at " << i << " of " << got.size();
}

/// Images [first, first + count) of the batch, as a problem of their own.
numbers<float> some_of(const problem& p, const numbers<float>& n, long first, long count) {
  const auto part = [&](const std::vector<float>& all, long one) {
    return std::vector<float>(all.begin() + first * one, all.begin() + (first + count) * one);
  };
  const auto open = [&](const std::valarray<bool>& all, long one) -> std::valarray<bool> {
    return all[std::slice(static_cast<std::size_t>(first * one), static_cast<std::size_t>(count * one), 1)];
  };
  const long in = p.in.elements(), out = p.out().elements();
  return {part(n.x, in), part(n.dy, out), n.weight, n.bias, open(n.gate_y, out), open(n.gate_x, in)};
}

/// The instruction sets of this machine for which the kernels were compiled.
std::vector<std::int64_t> instruction_sets() {
  std::vector<std::int64_t> all;
  for (std::int64_t bits = hwy::SupportedTargets() & (HWY_TARGETS); bits != 0; bits &= bits - 1)
    all.push_back(bits & -bits);
  return all;
}

struct direct_kernels : ::testing::TestWithParam<problem> {
  ~direct_kernels() override { hwy::SetSupportedTargetsForTest(0); }

  template <class F>
  void by_each_instruction_set(const F& test) {
    for (const std::int64_t set : instruction_sets()) {
      SCOPED_TRACE(hwy::TargetName(set));
      hwy::SetSupportedTargetsForTest(set);
      test();
      hwy::SetSupportedTargetsForTest(0);
    }
  }
};

TEST_P(direct_kernels, computes_what_eigen_does) {
  const problem& p = GetParam();
  const auto exact = numbers_of<double>(p);
  const auto single = numbers_of<float>(p);
  const long depth = p.w.area() * p.in.channels;
  const auto plain = compute(cpu{}, p, exact, false, false);
  for (const bool gated : {false, true})
    for (const bool rectify : {false, true}) {
      const auto expected = compute(cpu{}, p, exact, gated, rectify);
      by_each_instruction_set([&] {
        const auto got = compute(cpu{}, p, single, gated, rectify);
        expect_close(got.y, expected.y, depth, "forward");
        expect_close(got.dx, expected.dx, p.w.area() * p.filters, "input gradient");
        expect_close(got.dweight, expected.dweight, p.batch * p.out().positions(), "weight gradient");
        expect_close(got.dbias, expected.dbias, p.batch * p.out().positions(), "bias gradient");
        for (std::size_t i = 0; i < got.y.size(); ++i)
          if (std::abs(plain.y[i]) > 1e-3) {
            ASSERT_EQ(got.signs[i], plain.y[i] > 0) << "sign of " << i;
          }
      });
    }
}

TEST_P(direct_kernels, does_not_depend_on_threads_or_batch) {
  const problem& p = GetParam();
  const auto n = numbers_of<float>(p);
  by_each_instruction_set([&] {
    const auto alone = compute(cpu{}, p, n, true, true);
    for (const int parts : {2, 3, 7}) {
      SCOPED_TRACE(std::to_string(parts) + " parts");
      const auto together = in_parts(p, n, parts);
      EXPECT_EQ(together.y, alone.y);
      EXPECT_TRUE(std::ranges::equal(together.signs, alone.signs));
      EXPECT_EQ(together.dx, alone.dx);
      EXPECT_EQ(together.dweight, alone.dweight);
      EXPECT_EQ(together.dbias, alone.dbias);
    }
    std::vector<float> y, dx;
    for (long i = 0; i < p.batch; ++i) {
      problem one = p;
      one.batch = 1;
      const auto r = compute(cpu{}, one, some_of(p, n, i, 1), true, true);
      y.insert(y.end(), r.y.begin(), r.y.end());
      dx.insert(dx.end(), r.dx.begin(), r.dx.end());
    }
    EXPECT_EQ(y, alone.y);
    EXPECT_EQ(dx, alone.dx);
  });
}

TEST_P(direct_kernels, unpack_what_they_packed) {
  const problem& p = GetParam();
  const auto weight = noise<float>(p.w.area() * p.in.channels * p.filters, 3);
  by_each_instruction_set([&] {
    std::vector<float> packed(static_cast<std::size_t>(packed_elements(p.w, p.in.channels, p.filters))),
        back(weight.size());
    pack(cpu{}, p.w, p.in.channels, p.filters, 0, p.filters, weight.data(), packed.data());
    unpack(cpu{}, p.w, p.in.channels, p.filters, packed.data(), back.data());
    EXPECT_EQ(back, weight);
  });
}

TEST_P(direct_kernels, keep_what_is_not_a_number) {
  const problem& p = GetParam();
  auto n = numbers_of<float>(p);
  n.bias[0] = std::numeric_limits<float>::quiet_NaN();  // so is every result of the first filter
  const auto filters = static_cast<std::size_t>(p.filters);
  by_each_instruction_set([&] {
    const auto got = compute(cpu{}, p, n, false, true);
    for (std::size_t i = 0; i < got.y.size(); ++i) {
      ASSERT_EQ(std::isnan(got.y[i]), i % filters == 0) << "at " << i;
      ASSERT_FALSE(i % filters == 0 && got.signs[i]) << "at " << i;
    }
    std::vector<float> rectified(got.y.size());
    direct::apply({0, 1}, {.rectify = true}, static_cast<long>(rectified.size()), got.y.data(),
                  rectified.data());
    for (std::size_t i = 0; i < got.y.size(); ++i)
      ASSERT_EQ(std::isnan(rectified[i]), i % filters == 0) << "applied at " << i;
  });
}

struct pool_results {
  std::vector<float> largest, mean, from_largest, from_mean, line;
  std::vector<int> switches;
  std::vector<double> sum;
  std::vector<float> applied;
  std::vector<char> signs;  ///< of the largest, of the mean, of what was applied
  bool operator==(const pool_results&) const = default;
};

/// What they are computed from.
template <class T>
struct pool_numbers {
  shape in, out;
  long inputs, outputs;
  std::vector<T> x, dy, to, at;
  std::valarray<bool> gate_x;

  explicit pool_numbers(const problem& p)
      : in(p.in),
        out{p.out().height, p.out().width, in.channels},
        inputs(p.batch * in.elements()),
        outputs(p.batch * out.elements()),
        x(noise<T>(inputs, 1)),
        dy(noise<T>(outputs, 2)),
        to(noise<T>(inputs, 3)),
        at(noise<T>(4, 4)),
        gate_x(gate(inputs, 6)) {}
};

/// What pools and paths compute, in as many parts.
pool_results pools_in_parts(const problem& p, int parts) {
  const auto& [in, out, inputs, outputs, x, dy, to, at, gate_x] = pool_numbers<float>(p);
  const finish after{.rectify = true, .gate = &gate_x[0]};
  pool_results r{dy,
                 dy,
                 x,
                 x,
                 noise<float>(4 * inputs, 5),
                 std::vector<int>(dy.size()),
                 std::vector<double>(static_cast<std::size_t>(inputs), 0.5),
                 x,
                 {}};
  std::valarray<bool> signs(2 * dy.size() + x.size());
  bool* const signs_of_mean = &signs[dy.size()];
  bool* const signs_of_applied = &signs[2 * dy.size()];
  for (int i = parts; i-- > 0;) {
    direct::max_pool({i, parts}, p.batch, p.w, in, out, x.data(), {.rectify = true, .signs = &signs[0]},
                     r.largest.data(), r.switches.data());
    direct::avg_pool({i, parts}, p.batch, p.w, in, out, x.data(), {.rectify = true, .signs = signs_of_mean},
                     r.mean.data());
    direct::apply({i, parts}, {.rectify = true, .signs = signs_of_applied, .gate = &gate_x[0]}, inputs,
                  x.data(), r.applied.data());
    direct::line({i, parts}, 4, inputs, x.data(), to.data(), at.data(), r.line.data());
  }
  for (int i = parts; i-- > 0;) {
    direct::max_pool_gradient({i, parts}, p.batch, p.w, in, out, dy.data(), r.switches.data(), after,
                              r.from_largest.data());
    direct::avg_pool_gradient({i, parts}, p.batch, p.w, in, out, dy.data(), after, r.from_mean.data());
    direct::accumulate({i, parts}, 4, inputs, r.line.data(), at.data(), r.sum.data());
  }
  r.signs.assign(std::begin(signs), std::end(signs));
  return r;
}

TEST_P(direct_kernels, pool_as_eigen_does_and_alike_in_any_parts) {
  const problem& p = GetParam();
  const auto& [in, out, inputs, outputs, x, dy, to, at, gate_x] = pool_numbers<double>(p);
  const finish after{.rectify = true, .gate = &gate_x[0]};
  const cpu exact;
  std::vector<double> largest(dy), mean(dy), from_largest(x), from_mean(x),
      line_at(noise<double>(4 * inputs, 5)), sum(x.size(), 0.5), applied(x);
  std::vector<int> switches(dy.size());
  max_pool(exact, p.batch, p.w, in, out, x.data(), {.rectify = true}, largest.data(), switches.data());
  max_pool_gradient(exact, p.batch, p.w, in, out, dy.data(), switches.data(), after, from_largest.data());
  avg_pool(exact, p.batch, p.w, in, out, x.data(), {.rectify = true}, mean.data());
  avg_pool_gradient(exact, p.batch, p.w, in, out, dy.data(), after, from_mean.data());
  apply(exact, after, inputs, x.data(), applied.data());
  line(exact, 4, inputs, x.data(), to.data(), at.data(), line_at.data());
  accumulate(exact, 4, inputs, line_at.data(), at.data(), sum.data());
  by_each_instruction_set([&, &x = x] {
    const pool_results whole = pools_in_parts(p, 1);
    EXPECT_EQ(whole.switches, switches);
    std::vector<char> signs;
    for (const float v : whole.largest) signs.push_back(v > 0);
    for (const float v : whole.mean) signs.push_back(v > 0);
    for (const double v : x) signs.push_back(v > 0);
    EXPECT_EQ(whole.signs, signs);
    expect_close(whole.largest, largest, 1, "largest");
    expect_close(whole.from_largest, from_largest, p.w.area(), "from the largest");
    expect_close(whole.mean, mean, p.w.area(), "mean");
    expect_close(whole.from_mean, from_mean, p.w.area(), "from the mean");
    expect_close(whole.applied, applied, 1, "applied");
    expect_close(whole.line, line_at, 4, "line");
    expect_close(std::vector<float>(whole.sum.begin(), whole.sum.end()), sum, 16, "sum");
    for (const int parts : {2, 3, 7}) EXPECT_TRUE(pools_in_parts(p, parts) == whole) << parts << " parts";
  });
}

INSTANTIATE_TEST_SUITE_P(problems, direct_kernels, ::testing::ValuesIn(problems));

}  // namespace
}  // namespace salient::kernel
