// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "salient/core/shape.hpp"
#include "salient/core/view.hpp"

namespace salient::kernel {

/// The element-wise functions of network layers. At jumps, derivatives are PyTorch autograd's: 0 at the bends
/// of relu, clip and hard_sigmoid; the slope below 0 at the bend of leaky_relu, prelu and elu; for
/// hard_swish, 0 at -3 and 1 at 3. NaN stays NaN.
enum class function {
  none,
  relu,          ///< max(0, v)
  clip,          ///< min(max(a, v), b); relu6 is clip to 0 and 6
  leaky_relu,    ///< v where v > 0, else a v
  prelu,         ///< v where v > 0, else slope_c v
  hard_sigmoid,  ///< min(max(0, a v + b), 1)
  sigmoid,
  tanh,
  silu,        ///< v sigmoid(v)
  hard_swish,  ///< v min(max(0, v + 3), 6) / 6
  gelu,        ///< v Phi(v), computed with erf
  gelu_tanh,   ///< its tanh approximation
  elu,         ///< v where v > 0, else a (exp(v) - 1)
  softplus,    ///< log(1 + exp(a v)) / a, and v where a v > b
};

/// Piecewise linear functions have two slopes and record a mask: one bit per element for the slope. The
/// others record the derivative itself.
constexpr bool records_mask(function f) {
  return f == function::relu || f == function::clip || f == function::leaky_relu || f == function::prelu ||
         f == function::hard_sigmoid;
}
constexpr bool records_derivative(function f) { return f != function::none && !records_mask(f); }

/// A mask holds one bit per element: bit c % 8 of byte c / 8 of the position's row. Rows are whole
/// 16-bit words.
constexpr long mask_pitch(long channels) { return (channels + 15) / 16 * 2; }
constexpr long mask_bytes(shape s) { return s.positions() * mask_pitch(s.channels); }

/// v = f(v); also records what the backward pass needs.
template <class T>
struct activation {
  function f = function::none;
  T a = 0, b = 0;
  const T* slopes = nullptr;     ///< (C): for prelu
  std::uint8_t* mask = nullptr;  ///< receives bits: v > 0 (clip: a < v < b; hard_sigmoid: 0 < a v + b < 1)
  T* derivative = nullptr;       ///< (N, H, W, C): receives f'(v)
};

/// A backward pass through an activation by one of the rules: v = max(0, v) if `positive_only`. Then v is
/// multiplied by `derivative`, or by `open` where the mask's bit is set and `closed` (or slope_c) where it is
/// not. Without mask and derivative v is not multiplied.
template <class T>
struct gate {
  bool positive_only = false;
  const std::uint8_t* mask = nullptr;
  T open = 1, closed = 0;
  const T* slopes = nullptr;      ///< (C): replace `closed`
  const T* derivative = nullptr;  ///< (N, H, W, C)

  constexpr bool acts() const { return positive_only || mask || derivative; }
};

/// Fused operations that a kernel applies to each result v before it writes it, in this order. Null pointers
/// do nothing. This saves batch norm, residual sum and activation a pass over memory of their own, forward
/// and backward. The addends may be the output itself.
template <class T>
struct epilogue {
  const T* scale = nullptr;        ///< (C): v = scale_c v + shift_c
  const T* shift = nullptr;        ///< (C), or null
  view<const T> addend{};          ///< v += addend
  activation<T> activate{};        ///< forward
  gate<T> through{};               ///< backward
  const T* outer_scale = nullptr;  ///< (C): v = outer_scale_c v; a batch norm before the activation, backward
  view<const T> outer_addend{};    ///< v += outer_addend

  constexpr bool empty() const {
    return !scale && !shift && !addend && activate.f == function::none && !through.acts() && !outer_scale &&
           !outer_addend;
  }
};

}  // namespace salient::kernel
