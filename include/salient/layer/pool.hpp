// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/pool.hpp"
#include "salient/layer/layer.hpp"
#include "salient/layer/sliding.hpp"

namespace salient {

/// The largest value under a sliding window, channel by channel. As PyTorch's `MaxPool2d(Window, Stride,
/// Padding)`.
///
/// Padding never wins; on a tie the first element of the window in row-major order does, forward and
/// backward.
template <size Window, size Stride = Window, padding Padding = valid>
struct max_pool : layer_defaults {
  using slides = sliding<Window, Stride, Padding>;

  static constexpr std::string_view name = "max_pool";
  static constexpr std::string_view needs = "an input at least as large as its window";
  static constexpr layer_role role = layer_role::pool;
  static constexpr bool finishes = true;
  static constexpr retention retains{.switches = true};

  static constexpr bool accepts(shape in) { return slides::fits(in); }
  static constexpr shape output(shape in) { return slides::output(in, in.channels); }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::max_pool(d, t.batch, slides::over(t.in), t.in, t.out, t.x, t.after, t.y, t.switches);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::max_pool_gradient(d, t.batch, slides::over(t.in), t.in, t.out, t.dy, t.switches, t.after, t.dx);
  }
  template <class D, class T>
  static void follow(const D& d, const line_io<T>& t) {
    kernel::max_pool_slope(d, t.batch, t.in, t.out, t.x_slope, t.switches, t.y_slope);
    kernel::max_pool_reach(d, t.batch, slides::over(t.in), t.in, t.out, t.x, t.x_slope, t.switches, t.reach);
  }
};

/// The mean under a sliding window, padding counted as zeros. As PyTorch's `AvgPool2d(Window, Stride,
/// Padding)`.
template <size Window, size Stride = Window, padding Padding = valid>
struct avg_pool : layer_defaults {
  using slides = sliding<Window, Stride, Padding>;

  static constexpr std::string_view name = "avg_pool";
  static constexpr std::string_view needs = "an input at least as large as its window";
  static constexpr layer_role role = layer_role::pool;
  static constexpr bool linear = true;
  static constexpr bool finishes = true;

  static constexpr bool accepts(shape in) { return slides::fits(in); }
  static constexpr shape output(shape in) { return slides::output(in, in.channels); }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::avg_pool(d, t.batch, slides::over(t.in), t.in, t.out, t.x, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::avg_pool_gradient(d, t.batch, slides::over(t.in), t.in, t.out, t.dy, t.after, t.dx);
  }
};

/// The mean of each channel over all positions: H x W x C to 1 x 1 x C. As PyTorch's `AdaptiveAvgPool2d(1)`.
struct global_avg_pool : layer_defaults {
  static constexpr std::string_view name = "global_avg_pool";
  static constexpr layer_role role = layer_role::global_average;
  static constexpr bool linear = true;
  static constexpr bool finishes = true;

  static constexpr bool accepts(shape in) { return in.elements() > 0; }
  static constexpr shape output(shape in) { return {1, 1, in.channels}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::avg_pool(d, t.batch, {.height = t.in.height, .width = t.in.width}, t.in, t.out, t.x, t.after,
                     t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::avg_pool_gradient(d, t.batch, {.height = t.in.height, .width = t.in.width}, t.in, t.out, t.dy,
                              t.after, t.dx);
  }
};

}  // namespace salient
