// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "salient/core/rule.hpp"
#include "salient/core/shape.hpp"
#include "salient/core/view.hpp"
#include "salient/device/device.hpp"
#include "salient/kernel/epilogue.hpp"
#include "salient/layer/parameters.hpp"

namespace salient {

/// What a layer's backward pass reads besides its signal, so must be kept from the forward pass.
struct retention {
  bool inputs = false;
  bool output = false;
  bool switches = false;    ///< one 16-bit number for each output element, which forward records
  bool mask = false;        ///< one bit for each output element, which forward records
  bool derivative = false;  ///< one scalar for each output element, which forward records
};

/// What a layer is to a saliency method.
enum class layer_role {
  convolution,
  dense,
  rectifier,   ///< a ReLU
  activation,  ///< any other element-wise function
  pool,
  global_average,
  flatten,
  softmax,
  normalisation,
  other
};

/// Where an element-wise layer stands in the epilogue of the kernel before it. A kernel takes over the layers
/// that follow it as long as their stages increase.
enum class stage {
  none,        ///< it is no part of an epilogue
  scale,       ///< v = scale_c v + shift_c
  addend,      ///< v += another activation
  activation,  ///< v = f(v)
};

/// Everything that a layer's functions get: views and pointers into device memory. Extents are always there;
/// data that a function did not ask for are null.
template <class T>
struct io {
  view<const T> x;   ///< the input; backward sees it if it is retained
  view<const T> x2;  ///< the second input of a layer that has two
  view<T> y;         ///< the output; forward writes it, backward reads it if it is retained
  view<const T> dy;  ///< the signal that comes back
  view<T> dx;        ///< what backward writes; null data if nobody wants it (only with two inputs)
  view<T> dx2;
  std::array<const T*, parameter_list::most> parameters{};  ///< in the order of parameters(in)
  const T* packed = nullptr;   ///< instead of the first of them, where kernels read packed weights
  const T* derived = nullptr;  ///< derived(in) elements that `derive` made of the parameters
  /// (output channels) or null, for a layer that `rescales`: its adjoint is to be of filters times these.
  const T* filter_scale = nullptr;
  std::array<T*, parameter_list::most> gradients{};  ///< of the parameters; null for those not trained
  std::uint16_t* switches = nullptr;                 ///< as y
  std::uint8_t* mask = nullptr;                      ///< bits, see kernel/epilogue.hpp
  T* derivative = nullptr;                           ///< as y
  T* statistics = nullptr;   ///< statistics(in) elements of the whole batch, in training
  T* scratch = nullptr;      ///< scratch(in, batch) elements, or training_scratch(in, batch)
  bool linear_part = false;  ///< forward of a linear layer is to leave out what does not depend on x: biases
  kernel::epilogue<T> after{};   ///< of y, or of dx; for layers that finish
  kernel::epilogue<T> after2{};  ///< of dx2
};

/// What a piecewise linear layer gets on a line x + t slope in input space.
template <class T>
struct line_io {
  io<T> at;               ///< as after its forward pass
  view<const T> x_slope;  ///< as x
  view<T> y_slope;        ///< as y, to be written
  T* reach;               ///< (N): to be lowered to the t > 0 at which the layer's piece ends
};

/// Defaults for the layers of this library, which derive from it; a layer of yours may.
struct layer_defaults {
  static constexpr std::string_view needs = "any input";
  static constexpr layer_role role = layer_role::other;
  static constexpr salient::stage stage = salient::stage::none;
  static constexpr int inputs = 1;             // or 2
  static constexpr bool linear = false;        // f(a x + b y) = a f(x) + b f(y), up to a bias
  static constexpr bool in_place = false;      // y may be x, and dx may be dy
  static constexpr bool reshapes = false;      // y holds the very values of x, in the same order
  static constexpr bool finishes = false;      // forward and backward do what the epilogues say
  static constexpr bool rescales = false;      // backward heeds filter_scale
  static constexpr bool strided = false;       // views may be slices of channels
  static constexpr bool per_position = false;  // an output depends on the input at its own position alone
  static constexpr bool has_training = false;  // passes of its own in training
  static constexpr retention retains{};
  static constexpr bool accepts(shape) { return true; }
  static constexpr bool accepts(shape, shape) { return true; }
  static constexpr parameter_list parameters(shape) { return {}; }
  static constexpr long packed(shape) { return 0; }
  static constexpr long derived(shape) { return 0; }
  static constexpr long statistics(shape) { return 0; }
  static constexpr long scratch(shape, long) { return 0; }
  static constexpr long training_scratch(shape, long) { return 0; }
};

/// A layer is an empty type: facts are static members, numbers live in the network's buffers.
///
/// Minimal definition: derive from `layer_defaults`; give `name`, `output(in)`, and `needs`/`accepts(in)` if
/// not every input will do; give `forward(device, io)` and `backward(device, rule, io)` as templates on
/// device and scalar. With parameters: `parameters(in)`, and `parameter_gradient(device, io)` if the layer is
/// to be trained. A layer with `inputs = 2` gives `output(in, in2)` and, if need be, `accepts(in, in2)`.
///
/// - `accepts` is total: any shape, no division by zero. `output` and the rest are called only if it said
/// yes.
/// - `needs` completes the sentence "layer 2 (conv2d) needs ...".
/// - `forward` and `backward` only enqueue kernels; backward overwrites dx. They allocate nothing. Backward's
///   rules differ at activations alone, so most layers take `backward(device, auto rule, io)`.
/// - What forward leaves for backward is stated by `retains`; the network plans memory by it.
/// - A layer that is piecewise linear but not linear may give `follow(device, line_io)`: its derivative along
///   a line, and how far its piece reaches. Exact integrated gradients ask for it.
/// - A layer that `finishes` does what `io.after` says to each result before it writes it. In this way it
///   takes over the element-wise layers behind it in the forward pass, those before it in the backward pass,
///   and the addition of signals where activations have several consumers.
/// - An element-wise layer with a `stage` gives `join_forward(epilogue, io)` and `join_backward(rule_facts,
///   epilogue, io)`, which add it to another kernel's epilogue. See layer/elementwise.hpp.
/// - A layer derived from another that replaces its passes answers for what it inherits, `finishes`, `stage`
///   and `retains` too.
/// - A layer with `packed(in)` elements of packed weights gives `pack(device, in, first, count, weight,
///   packed)`, which packs so many filters from the first on, and `unpack(device, in, packed, weight)`. A
///   model holds one of the two forms, so a pass gets either `parameters[0]` or `packed`.
/// - A layer with `derived(in)` elements gives `derive(in, tensors, derived)`, which runs on the host whenever
///   parameters change: `tensors` are pointers to each parameter's values.
/// - A layer with `statistics(in)` elements that `training_forward` writes may give `average(in, values,
///   statistics, tensors)`, which runs on the host after each batch of training and moves running averages
///   among its parameters; `values` is how many values of each channel the batch had.
///
/// Cost of adding one: its header and test, a line in salient.hpp; a kernel, if it needs a new one.
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

/// The passes of a layer on one device: forward, and backward under every rule.
template <class L, class D, class T>
concept runs_on = layer<L> && device<D> && requires(const D& d, const io<T>& t) { L::forward(d, t); } &&
                  detail::runs_all_rules<L, D, T, rules>;

/// Linear but for a bias, or made of pieces that are and able to tell where they end.
template <class L, class D, class T>
concept piecewise_linear_on =
    runs_on<L, D, T> && (L::linear || requires(const D& d, const line_io<T>& t) { L::follow(d, t); });

}  // namespace salient
