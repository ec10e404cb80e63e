// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>

#include "kernel/epilogues.hpp"
#include "kernel/naive.hpp"

namespace salient::kernel {

/// A convolution to test. Its views may be slices of more channels.
struct problem {
  const char* name;
  shape in;
  int filters;
  window w{};
  long batch = 1;
  int groups = 1;
  int beside = 0;  ///< extra channels on either side of x, y and their gradients

  conv_problem conv() const { return {w, in.channels, filters, groups}; }
  shape out() const {
    return {(in.height + w.top + w.bottom - w.reach_y()) / w.stride_y + 1,
            (in.width + w.left + w.right - w.reach_x()) / w.stride_x + 1, filters};
  }
  /// Computed by the kernels of dense layers, which read unpacked weights.
  bool dense() const { return w.pointwise() && in.positions() == 1 && groups == 1; }

  /// The name that CTest shows.
  friend void PrintTo(const problem& p, std::ostream* out) { *out << p.name; }
};

constexpr window square(int size, int stride, int pad, int dilation = 1) {
  return {size, size, stride, stride, pad, pad, pad, pad, dilation, dilation};
}

// Numbers of channels below, at, near and above whole vectors, tiles and blocks. Windows that overlap every
// border, skip inputs, or are larger than the image. Rows of several tiles.
constexpr problem problems[] = {
    {"digits_first", {28, 28, 1}, 16, square(3, 1, 0), 2},
    {"digits_second", {13, 13, 16}, 32, square(3, 1, 0), 3},
    {"same", {9, 10, 16}, 48, square(3, 1, 1), 2},
    {"in_colour", {14, 15, 3}, 64, square(3, 1, 1)},
    {"stride_two", {15, 17, 5}, 7, {3, 2, 2, 3, 1, 0, 1, 0}, 2},
    {"seven", {20, 19, 3}, 70, square(7, 2, 3)},
    {"five_and_deep", {6, 7, 300}, 65, square(5, 1, 2)},
    {"pointwise", {5, 6, 33}, 130, {}, 2},
    {"half", {9, 9, 20}, 12, square(1, 2, 0), 2},
    {"leaves_inputs_out", {11, 11, 3}, 3, square(2, 3, 0), 2},
    {"leaves_columns_out", {10, 10, 3}, 8, square(2, 3, 0), 2},
    {"larger_than_the_image", {3, 2, 17}, 2, square(7, 1, 3)},
    {"two_filters_of_many", {8, 8, 64}, 2, square(3, 1, 1), 2},
    {"three_filters_of_eight", {6, 6, 8}, 3, square(3, 1, 1), 2},
    {"resnet_first", {16, 15, 3}, 64, square(7, 2, 3), 2},
    {"four_channels", {9, 8, 4}, 32, square(3, 1, 1), 2},
    {"wide_in_colour", {5, 43, 3}, 32, square(3, 1, 1), 2},
    {"wide_two", {4, 37, 2}, 16, square(3, 1, 1)},
    {"wide_half", {7, 67, 16}, 3, square(3, 2, 1), 2},
    {"deep_half", {7, 7, 20}, 300, square(3, 2, 1), 2},
    {"one_channel_odd", {9, 8, 1}, 5, square(3, 1, 1)},
    {"deep", {5, 5, 200}, 200, square(3, 1, 1)},
    {"deep_pointwise", {3, 3, 1200}, 24, {}, 2},
    {"dense", {1, 1, 784}, 10, {}, 5},
    {"dense_odd", {1, 1, 1027}, 37, {}, 3},
    {"dense_of_one", {1, 1, 130}, 20},
    {"dense_small", {1, 1, 3}, 2, {}, 9},
    // Padding on one side only, as in TensorFlow's SAME.
    {"padded_behind", {8, 9, 6}, 20, {3, 3, 2, 2, 0, 0, 1, 1}, 2},
    {"padded_in_front", {7, 6, 16}, 4, {2, 4, 1, 1, 1, 2, 0, 1}},
    // Dilations: equal to the stride, a multiple of it, coprime, or with a common factor.
    {"dilated", {11, 12, 6}, 18, square(3, 1, 2, 2), 2},
    {"dilated_half", {13, 12, 16}, 9, square(3, 2, 3, 3)},
    {"dilated_as_it_strides", {12, 11, 3}, 16, square(3, 2, 2, 2), 2},
    {"dilated_six_by_four", {17, 16, 2}, 16, {2, 3, 4, 4, 1, 3, 5, 2, 6, 6}},
    {"dilated_rows", {12, 7, 5}, 8, {3, 2, 1, 1, 2, 0, 2, 0, 2, 1}, 2},
    // For Winograd's algorithm: tiles beyond the border, several blocks and stripes, a slice.
    {"winograd_padded_behind", {7, 9, 48}, 48, {3, 3, 1, 1, 0, 0, 2, 1}, 2},
    {"winograd_slice", {10, 9, 32}, 64, square(3, 1, 0), 3, 1, 3},
    {"winograd_deep", {7, 7, 208}, 80, square(3, 1, 1)},
    {"winograd_stripes", {11, 10, 32}, 80, square(3, 1, 1)},
    // Slices of more channels.
    {"slice", {6, 7, 16}, 32, square(3, 1, 1), 2, 1, 5},
    {"slice_in_colour", {9, 8, 3}, 70, square(5, 2, 2), 2, 1, 1},
    {"slice_of_three_filters", {6, 9, 16}, 3, square(3, 1, 1), 1, 1, 8},
    {"slice_pointwise", {7, 5, 40}, 24, {}, 2, 1, 16},
    {"slice_deep", {4, 4, 150}, 66, square(3, 1, 1), 2, 1, 3},
    {"slice_dense", {1, 1, 50}, 33, {}, 3, 1, 7},
    // Groups of whole vectors, of less than a mask's byte, and of many blocks.
    {"two_groups", {6, 7, 32}, 64, square(3, 1, 1), 2, 2},
    {"four_wide_groups", {7, 6, 32}, 32, square(3, 1, 1), 2, 8},
    {"odd_groups", {5, 6, 21}, 36, square(3, 2, 1), 2, 3, 2},
    {"pointwise_groups", {4, 5, 48}, 36, {}, 2, 3},
    {"deep_groups", {3, 3, 300}, 34, square(3, 1, 1), 1, 2},
    {"dilated_groups", {9, 9, 12}, 24, square(3, 1, 2, 2), 1, 2},
    {"dense_groups", {1, 1, 24}, 36, {}, 3, 2},
    // Depthwise: one channel per group.
    {"depthwise", {7, 8, 20}, 20, square(3, 1, 1), 2, 20},
    {"depthwise_wide", {9, 33, 70}, 70, square(3, 1, 1), 1, 70},
    {"depthwise_half", {11, 12, 33}, 33, square(5, 2, 2), 2, 33},
    {"depthwise_slice", {6, 7, 16}, 16, square(3, 2, 1), 2, 16, 3},
    {"depthwise_large", {9, 10, 17}, 17, square(7, 1, 3), 2, 17},
    {"depthwise_larger_than_the_image", {3, 2, 5}, 5, square(7, 1, 3), 1, 5},
    {"depthwise_padded_behind", {8, 8, 36}, 36, {3, 3, 2, 2, 0, 0, 1, 1}, 2, 36},
    {"depthwise_dilated", {9, 10, 18}, 18, square(3, 1, 2, 2), 1, 18},
    {"depthwise_dilated_half", {12, 13, 16}, 16, square(3, 2, 2, 2), 2, 16},
    {"depthwise_dilated_three_by_two", {12, 13, 8}, 8, square(3, 2, 3, 3), 1, 8},
    {"depthwise_times_two", {6, 7, 12}, 24, square(3, 1, 1), 2, 12},
    {"depthwise_times_three_half", {8, 7, 7}, 21, square(3, 2, 1), 2, 7, 2},
    {"depthwise_pointwise", {4, 5, 18}, 18, {}, 2, 18},
};

/// The operands of a problem.
template <class T>
struct operands {
  maps<T> x, dy;
  std::vector<T> weight, bias, scale;

  explicit operands(const problem& p)
      : x(p.batch, p.in, p.beside, 1u),
        dy(p.batch, p.out(), p.beside, 2u),
        weight(laws::noise<T>(p.conv().weights(), 3)),
        bias(laws::noise<T>(p.filters, 4)),
        scale(laws::noise<T>(p.filters, 8)) {}
};

/// The results of the kernels for a problem.
template <class T>
struct conv_answers {
  maps<T> y, dx;
  std::vector<T> dweight, dbias;
  test_epilogue<T> after_y, after_x;

  /// Outputs filled with NaN; forward and backward have an epilogue of this kind.
  conv_answers(const problem& p, const epilogue_kind& kind)
      : y(p.batch, p.out(), p.beside, nans(p.out(), p.batch)),
        dx(p.batch, p.in, p.beside, nans(p.in, p.batch)),
        dweight(static_cast<std::size_t>(p.conv().weights()), nan),
        dbias(static_cast<std::size_t>(p.filters), nan),
        after_y(kind, p.batch, p.out(), 10),
        after_x(kind, p.batch, p.in, 30) {}

 private:
  static constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  static std::vector<T> nans(shape s, long batch) {
    return std::vector<T>(static_cast<std::size_t>(batch * s.elements()), nan);
  }
};

/// Weights packed in two steps; empty for kernels that read them unpacked.
template <class T, class D>
std::vector<T> packed_weights(const D& device, const problem& p, const std::vector<T>& weight) {
  const conv_problem c = p.conv();
  if (!reads_packed<T>(device) || p.dense() || c.depthwise()) return {};
  std::vector<T> packed(static_cast<std::size_t>(packed_elements(c)), std::numeric_limits<T>::quiet_NaN());
  const long half = p.filters / 2;
  pack(device, c, 0, half, weight.data(), packed.data());
  pack(device, c, half, p.filters - half, weight.data() + half * c.patch(), packed.data());
  return packed;
}

/// All kernels of a convolution, by a device that chooses the number of parts.
template <class D, class T>
void compute(const D& device, const problem& p, const operands<T>& of, conv_answers<T>& to) {
  const conv_problem c = p.conv();
  const auto packed = packed_weights(device, p, of.weight);
  std::vector<T> scratch(static_cast<std::size_t>(std::max(conv_scratch(c, p.out(), p.batch),
                                                           conv_gradient_scratch(c, p.in, p.out(), p.batch))),
                         std::numeric_limits<T>::quiet_NaN());
  conv_weights<T> weights{packed.empty() ? of.weight.data() : nullptr,
                          packed.empty() ? nullptr : packed.data(), of.bias.data(), nullptr};
  conv<D, T>(device, c, of.x.get(), weights, to.after_y.prepare(to.y), to.y.get(), scratch.data());
  weights.bias = nullptr;
  weights.scale = of.scale.data();
  conv_input_gradient<D, T>(device, c, of.dy.get(), weights, to.after_x.prepare(to.dx), to.dx.get(),
                            scratch.data());
  conv_weight_gradient<D, T>(device, c, of.x.get(), of.dy.get(), {to.dweight.data(), to.dbias.data()},
                             scratch.data());
}

/// Compares results with naive loops and the definition of the epilogue.
template <class T>
void expect_answers(const problem& p, const naive::conv_results& expected, const conv_answers<T>& got) {
  const conv_answers<double> exact(p, got.after_y.kind);
  const long positions = p.batch * p.out().positions();
  expect_results(got.y.read(), got.after_y, {exact.after_y, expected.y}, p.conv().patch());
  expect_results(got.dx.read(), got.after_x, {exact.after_x, expected.dx}, p.w.area() * p.filters / p.groups);
  expect_close(got.dweight, expected.dweight, positions, "weight gradient");
  expect_close(got.dbias, expected.dbias, positions, "bias gradient");
}

inline naive::conv_results expected_answers(const problem& p) {
  const operands<double> of(p);
  return naive::convolution(p.conv(), of.x, of.dy, of.weight, of.bias, of.scale);
}

}  // namespace salient::kernel
