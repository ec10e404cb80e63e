// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "salient/core/rule.hpp"
#include "salient/core/shape.hpp"
#include "salient/core/view.hpp"
#include "salient/core/window.hpp"
#include "salient/device/device.hpp"
#include "salient/kernel/epilogue.hpp"
#include "salient/layer/parameters.hpp"

namespace salient {

/// What a layer's backward pass reads besides its signal, so what the forward pass must keep.
struct retention {
  bool inputs = false;
  bool output = false;
  bool switches = false;    ///< one 16-bit number per output element, recorded by forward
  bool mask = false;        ///< one bit per output element, recorded by forward
  bool derivative = false;  ///< one scalar per output element, recorded by forward
};

/// How saliency methods classify a layer.
enum class layer_role {
  convolution,
  dense,
  rectifier,   ///< a ReLU or ReLU6
  activation,  ///< any other element-wise function
  pool,
  global_average,
  flatten,
  softmax,
  normalisation,
  other
};

/// Where the constant part of a layer is: what it adds to each channel of its output, whatever its input.
enum class constant_part {
  none,
  bias,  ///< the parameter of this name
  shift  ///< the derived values after the first C of them
};

/// The place of an element-wise layer in the epilogue of the kernel before it. A kernel fuses the layers that
/// follow it as long as their stages increase.
enum class stage {
  none,        ///< cannot be part of an epilogue
  scale,       ///< v = scale_c v + shift_c
  addend,      ///< v += another activation
  activation,  ///< v = f(v)
};

/// Arguments of a layer's functions: views and pointers to device memory. Extents are always set; data that a
/// function does not need are null.
template <class T>
struct io {
  view<const T> x;   ///< the input; in backward only if it is retained
  view<const T> x2;  ///< the second input of a layer with two
  view<T> y;         ///< the output; forward writes it, backward reads it if it is retained
  view<const T> dy;  ///< the incoming signal of a backward pass
  view<T> dx;        ///< the outgoing signal; null data if it is not needed (only with two inputs)
  view<T> dx2;
  std::array<const T*, parameter_list::most> parameters{};  ///< in the order of parameters(in)
  const T* packed = nullptr;   ///< replaces the first parameter where kernels read packed weights
  const T* derived = nullptr;  ///< derived(in) elements that `derive` computed from the parameters
  /// (output channels) or null, for a layer that `rescales`: multiplies the filters of its adjoint.
  const T* filter_scale = nullptr;
  std::array<T*, parameter_list::most> gradients{};  ///< of the parameters; null for untrained ones
  std::uint16_t* switches = nullptr;                 ///< extent of y
  std::uint8_t* mask = nullptr;                      ///< bits, see kernel/epilogue.hpp
  T* derivative = nullptr;                           ///< extent of y
  T* statistics = nullptr;       ///< statistics(in) elements for the whole batch, in training
  T* scratch = nullptr;          ///< scratch(in, batch) elements, or training_scratch(in, batch)
  bool linear_part = false;      ///< forward of a linear layer must leave out its constant part: biases
  kernel::epilogue<T> after{};   ///< epilogue of y, or of dx; for layers with `finishes`
  kernel::epilogue<T> after2{};  ///< epilogue of dx2
};

/// Arguments of a piecewise linear layer on a line x + t slope in input space.
template <class T>
struct line_io {
  io<T> at;               ///< as after the forward pass
  view<const T> x_slope;  ///< extent of x
  view<T> y_slope;        ///< extent of y; to be written
  T* reach;               ///< (N): to be lowered to the t > 0 at which the layer's linear piece ends
};

/// Defaults that the library's layers inherit; your layers may, too.
struct layer_defaults {
  static constexpr std::string_view needs = "any input";
  static constexpr layer_role role = layer_role::other;
  static constexpr salient::stage stage = salient::stage::none;
  static constexpr salient::constant_part constant_part = salient::constant_part::none;
  static constexpr int inputs = 1;             // 1 or 2
  static constexpr bool linear = false;        // f(a x + b y) = a f(x) + b f(y), except for a bias
  static constexpr bool in_place = false;      // y may alias x, and dx may alias dy
  static constexpr bool reshapes = false;      // y holds the values of x in the same order
  static constexpr bool finishes = false;      // forward and backward run the epilogues
  static constexpr bool rescales = false;      // backward applies filter_scale
  static constexpr bool strided = false;       // views may be slices of channels
  static constexpr bool per_position = false;  // an output depends only on the input at its position
  static constexpr bool has_training = false;  // training uses passes of its own
  static constexpr retention retains{};
  static constexpr bool accepts(shape) { return true; }
  static constexpr bool accepts(shape, shape) { return true; }
  static constexpr std::optional<window> sees(shape) { return {}; }  // all positions
  static constexpr parameter_list parameters(shape) { return {}; }
  static constexpr long packed(shape) { return 0; }
  static constexpr long derived(shape) { return 0; }
  static constexpr long statistics(shape) { return 0; }
  static constexpr long scratch(shape, long) { return 0; }
  static constexpr long training_scratch(shape, long) { return 0; }
};

/// A layer is an empty type: its properties are static members; its numbers are in the network's buffers.
///
/// Minimal definition: derive from `layer_defaults`. Define `name`, `output(in)`, and `needs` and
/// `accepts(in)` if some inputs do not fit. Define `forward(device, io)` and `backward(device, rule, io)` as
/// templates on device and scalar. With parameters: `parameters(in)`, and `parameter_gradient(device, io)`
/// for training. A layer with `inputs = 2` defines `output(in, in2)` and, if necessary, `accepts(in, in2)`.
///
/// - `accepts` must handle any shape, without division by zero. `output` and the others are called only if it
///   returned true.
/// - `needs` completes the sentence "layer 2 (conv2d) needs ...".
/// - `forward` and `backward` only enqueue kernels and allocate nothing; backward overwrites dx. The rules
///   differ only at activations, so most layers take `backward(device, auto rule, io)`.
/// - `retains` states what forward keeps for backward; the network plans memory by it.
/// - A layer that is piecewise linear but not linear may define `follow(device, line_io)`: its derivative
///   along a line, and where its linear piece ends. Exact integrated gradients need it.
/// - A layer with `finishes` applies the epilogue `io.after` to each result before it writes it. It can then
///   fuse the element-wise layers after it in the forward pass, those before it in the backward pass, and the
///   addition of signals where activations have several consumers.
/// - An element-wise layer with a `stage` defines `join_forward(epilogue, io)` and `join_backward(rule_facts,
///   epilogue, io)`, which add it to another kernel's epilogue. See layer/elementwise.hpp.
/// - A layer that derives from another and replaces its passes must check the properties that it inherits:
///   `finishes`, `stage` and `retains` too.
/// - `sees(in)` is the window of the input that a position of the output depends on, for receptive fields.
///   Without it they are the whole image. With it the layer may be run on a crop of its input: a position's
///   result must not depend on where it lies, and a crop must need no more scratch than the whole.
/// - A layer with a bias says so by `constant_part`. FullGrad needs it.
/// - A layer with `packed(in)` elements of packed weights defines `pack(device, in, first, count, weight,
///   packed)`, which packs `count` filters from `first` on, and `unpack(device, in, packed, weight)`. A model
///   holds only one of the two forms, so a pass gets either `parameters[0]` or `packed`.
/// - A layer with `derived(in)` elements defines `derive(in, tensors, derived)`. It runs on the host whenever
///   parameters change; `tensors` point to each parameter's values.
/// - A layer with `statistics(in)` elements that `training_forward` writes may define `average(in, values,
///   statistics, tensors)`. It runs on the host after each training batch and updates running averages among
///   the parameters; `values` is the number of values per channel in the batch.
///
/// A new layer needs a header, a test, a line in salient.hpp, and a kernel if no existing one will do.
template <class L>
concept layer = std::is_empty_v<L> && requires(shape s, long n) {
  { L::name } -> std::convertible_to<std::string_view>;
  { L::needs } -> std::convertible_to<std::string_view>;
  { L::role } -> std::convertible_to<layer_role>;
  { L::stage } -> std::convertible_to<salient::stage>;
  { L::inputs } -> std::convertible_to<int>;
  { L::linear } -> std::convertible_to<bool>;
  { L::in_place } -> std::convertible_to<bool>;
  { L::reshapes } -> std::convertible_to<bool>;
  { L::finishes } -> std::convertible_to<bool>;
  { L::rescales } -> std::convertible_to<bool>;
  { L::strided } -> std::convertible_to<bool>;
  { L::per_position } -> std::convertible_to<bool>;
  { L::has_training } -> std::convertible_to<bool>;
  { L::retains } -> std::convertible_to<retention>;
  { L::parameters(s) } -> std::same_as<parameter_list>;
  { L::packed(s) } -> std::same_as<long>;
  { L::derived(s) } -> std::same_as<long>;
  { L::statistics(s) } -> std::same_as<long>;
  { L::scratch(s, n) } -> std::same_as<long>;
  { L::training_scratch(s, n) } -> std::same_as<long>;
  requires(requires {
            { L::accepts(s) } -> std::same_as<bool>;
            { L::output(s) } -> std::same_as<shape>;
          }) || (requires {
            { L::accepts(s, s) } -> std::same_as<bool>;
            { L::output(s, s) } -> std::same_as<shape>;
          });
};

namespace detail {
template <class L, class D, class T, class R>
concept runs_backward = requires(const D& d, const io<T>& t) { L::backward(d, R{}, t); };

template <class L, class D, class T, class List>
inline constexpr bool runs_all_rules = false;
template <class L, class D, class T, class... R>
inline constexpr bool runs_all_rules<L, D, T, rule_list<R...>> = (runs_backward<L, D, T, R> && ...);
}  // namespace detail

/// A layer's passes on one device: forward, and backward under every rule.
template <class L, class D, class T>
concept runs_on = layer<L> && device<D> && requires(const D& d, const io<T>& t) { L::forward(d, t); } &&
                  detail::runs_all_rules<L, D, T, rules>;

/// Linear except for a bias, or piecewise linear with `follow`.
template <class L, class D, class T>
concept piecewise_linear_on =
    runs_on<L, D, T> && (L::linear || requires(const D& d, const line_io<T>& t) { L::follow(d, t); });

}  // namespace salient
