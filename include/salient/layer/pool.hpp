// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/pool.hpp"
#include "salient/layer/layer.hpp"
#include "salient/layer/sliding.hpp"

namespace salient {

namespace detail {

/// Common base of poolings.
template <size Window, with Options>
struct pooling : layer_defaults {
  static constexpr with options = stride_or(Options, Window);
  static_assert(options.groups == 1 && options.bias, "a pooling has options that only convolutions have");
  static_assert(Window.height * Window.width <= 65'536, "a pooling's window has at most 65536 places");
  using slides = sliding<Window, options>;

  static constexpr std::string_view needs = "an input at least as large as its window";
  static constexpr layer_role role = layer_role::pool;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;

  static constexpr bool accepts(shape in) { return slides::fits(in); }
  static constexpr shape output(shape in) { return slides::output(in, in.channels); }
  static constexpr std::optional<window> sees(shape in) { return slides::over(in); }
};

/// A window that covers the whole image.
constexpr window whole(shape in) { return {.height = in.height, .width = in.width}; }

template <class D, class T>
void follow_max_pool(const D& d, const window& w, const line_io<T>& t) {
  kernel::max_pool_slope(d, w, t.x_slope, t.at.switches, t.y_slope);
  kernel::max_pool_reach<D, T>(d, w, t.at.x, t.x_slope, t.at.y, t.at.switches, t.reach);
}

}  // namespace detail

/// The largest value in a sliding window, per channel. As PyTorch's `MaxPool2d(Window, stride, padding,
/// dilation, ceil_mode=...)`.
///
/// Padding never wins. On a tie the first element in row-major order wins, forward and backward.
template <size Window, with Options = with{}>
struct max_pool : detail::pooling<Window, Options> {
  using typename detail::pooling<Window, Options>::slides;
  static_assert(Options.count_include_pad, "max_pool has an option that only avg_pool has");

  static constexpr std::string_view name = "max_pool";
  static constexpr retention retains{.switches = true};

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::max_pool(d, slides::over(t.x.extent), t.x, t.after, t.y, t.switches);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::max_pool_gradient<D, T>(d, slides::over(t.x.extent), t.dy, t.switches, t.after, t.dx);
  }
  template <class D, class T>
  static void follow(const D& d, const line_io<T>& t) {
    detail::follow_max_pool(d, slides::over(t.at.x.extent), t);
  }
};

/// The mean of a sliding window, per channel. As PyTorch's `AvgPool2d(Window, stride, padding,
/// ceil_mode, count_include_pad)`.
template <size Window, with Options = with{}>
struct avg_pool : detail::pooling<Window, Options> {
  using typename detail::pooling<Window, Options>::slides;
  static_assert(Options.dilation == size(1), "avg_pool has no dilation");

  static constexpr std::string_view name = "avg_pool";
  static constexpr bool linear = true;
  static constexpr kernel::divisor divides_by =
      Options.count_include_pad ? kernel::divisor::window : kernel::divisor::inside;

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::avg_pool(d, slides::over(t.x.extent), divides_by, t.x, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::avg_pool_gradient(d, slides::over(t.x.extent), divides_by, t.dy, t.after, t.dx);
  }
};

/// The mean of each channel over all positions: H x W x C to 1 x 1 x C. As PyTorch's `AdaptiveAvgPool2d(1)`.
struct global_avg_pool : layer_defaults {
  static constexpr std::string_view name = "global_avg_pool";
  static constexpr layer_role role = layer_role::global_average;
  static constexpr bool linear = true;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;

  static constexpr bool accepts(shape in) { return in.elements() > 0; }
  static constexpr shape output(shape in) { return {1, 1, in.channels}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::avg_pool(d, detail::whole(t.x.extent), kernel::divisor::window, t.x, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::avg_pool_gradient(d, detail::whole(t.x.extent), kernel::divisor::window, t.dy, t.after, t.dx);
  }
};

/// The largest value of each channel: H x W x C to 1 x 1 x C. As PyTorch's `AdaptiveMaxPool2d(1)`.
struct global_max_pool : layer_defaults {
  static constexpr std::string_view name = "global_max_pool";
  static constexpr std::string_view needs = "a map of at most 65536 positions";
  static constexpr layer_role role = layer_role::pool;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;
  static constexpr retention retains{.switches = true};

  static constexpr bool accepts(shape in) { return in.elements() > 0 && in.positions() <= 65'536; }
  static constexpr shape output(shape in) { return {1, 1, in.channels}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::max_pool(d, detail::whole(t.x.extent), t.x, t.after, t.y, t.switches);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::max_pool_gradient<D, T>(d, detail::whole(t.x.extent), t.dy, t.switches, t.after, t.dx);
  }
  template <class D, class T>
  static void follow(const D& d, const line_io<T>& t) {
    detail::follow_max_pool(d, detail::whole(t.at.x.extent), t);
  }
};

/// Means of windows that divide an image of any size as evenly as possible. As PyTorch's
/// `AdaptiveAvgPool2d((Output.height, Output.width))`.
template <size Output>
struct adaptive_avg_pool : layer_defaults {
  static_assert(Output.height > 0 && Output.width > 0, "adaptive_avg_pool must have at least one output");

  static constexpr std::string_view name = "adaptive_avg_pool";
  static constexpr layer_role role = Output == size(1) ? layer_role::global_average : layer_role::pool;
  static constexpr bool linear = true;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;

  static constexpr bool accepts(shape in) { return in.elements() > 0; }
  static constexpr shape output(shape in) { return {Output.height, Output.width, in.channels}; }
  /// Windows of several sizes see, for want of one window, all positions.
  static constexpr std::optional<window> sees(shape in) {
    if (in.height % Output.height != 0 || in.width % Output.width != 0) return {};
    const int height = in.height / Output.height, width = in.width / Output.width;
    return window{.height = height, .width = width, .stride_y = height, .stride_x = width};
  }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::adaptive_avg_pool(d, t.x, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::adaptive_avg_pool_gradient(d, t.dy, t.after, t.dx);
  }
};

}  // namespace salient
