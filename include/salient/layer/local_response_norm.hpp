// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/local_response_norm.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Options of a local response normalisation: `response{.alpha = 5e-4, .k = 2}`.
struct response {
  double alpha = 1e-4;
  double beta = 0.75;
  double k = 1;
};

/// Divides each value by (k + alpha / Size * s) ^ beta, where s is the sum of the squares of Size
/// neighbouring channels: Size / 2 before it, itself, and the rest after it. Missing channels count as zeros.
///
/// As PyTorch's `LocalResponseNorm(Size, alpha, beta, k)`. Krizhevsky, Sutskever and Hinton 2012.
template <int Size, response Options = response{}>
struct local_response_norm : layer_defaults {
  static_assert(Size > 0, "local_response_norm needs a size of at least one channel");
  static_assert(Options.alpha >= 0 && Options.k >= 0 && Options.alpha + Options.k > 0,
                "local_response_norm needs alpha and k of at least 0, and not both 0");

  static constexpr std::string_view name = "local_response_norm";
  static constexpr bool finishes = true;
  static constexpr bool strided = true;
  static constexpr retention retains{.inputs = true};

  static constexpr bool accepts(shape in) { return in.elements() > 0; }
  static constexpr shape output(shape in) { return in; }
  static constexpr std::optional<window> sees(shape) { return window{}; }

  template <class T>
  static constexpr kernel::local_response<T> constants{
      Size, static_cast<T>(Options.alpha), static_cast<T>(Options.beta), static_cast<T>(Options.k)};
  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::local_response_norm(d, constants<T>, t.x, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::local_response_norm_gradient(d, constants<T>, t.dy, t.x, t.after, t.dx);
  }
};

}  // namespace salient
