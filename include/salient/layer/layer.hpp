// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include "salient/core/rule.hpp"
#include "salient/core/shape.hpp"
#include "salient/device/device.hpp"
#include "salient/kernel/finish.hpp"

namespace salient {

/// Weights as a layer uses them: `filters` filters, each over one patch; on disk they are in PyTorch's order.
struct parameter_shapes {
  int filters = 0;       ///< outputs; 0 for a layer without parameters
  shape patch{0, 0, 0};  ///< what one filter sees: kernel height x kernel width x input channels
  bool bias = false;     ///< one value for each filter
  bool matrix = false;   ///< stored with two dimensions (a dense layer) instead of four

  constexpr long weights() const { return filters * patch.elements(); }
  constexpr long biases() const { return bias ? filters : 0; }
};

/// What a layer's backward pass reads besides its signal, so must be kept from the forward pass.
struct retention {
  bool output = false;
  bool switches = false;  ///< one int for each output element, which forward records
  bool signs = false;     ///< one bool for each output element: whether it is positive, which forward records
};

/// What a layer is to a saliency method.
enum class layer_role { convolution, dense, rectifier, pool, global_average, flatten, softmax, other };

/// Everything a layer's functions get: plain pointers into device memory. Those not asked for are null.
template <class T>
struct io {
  long batch;
  shape in, out;
  const T* x;            // (N, in): the input, for forward and parameter_gradient
  T* y;                  // (N, out): the output; forward writes it, backward reads it if retained
  const T* dy;           // (N, out): the signal that comes back
  T* dx;                 // (N, in): overwritten by backward
  const T* weight;       // (filters, patch); null where kernels read packed weights and the layer has those
  const T* bias;         // (filters)
  const T* packed;       // the packed(in) elements that pack made of them, or null
  T* dweight;            // as weight
  T* dbias;              // as bias
  int* switches;         // (N, out); null where nobody will read them
  bool* signs;           // (N, out); the same
  T* scratch;            // scratch(in, batch) elements, or training_scratch(in, batch)
  kernel::finish after;  // of what the pass writes; for layers that finish
};

/// What a piecewise linear layer gets on a line x + t slope in input space. Images side by side, as in `io`.
template <class T>
struct line_io {
  long batch;
  shape in, out;
  const T *x, *x_slope;  // (N, in)
  const T* y;            // (N, out)
  T* y_slope;            // (N, out): to be written
  const int* switches;   // (N, out): what forward recorded
  const bool* signs;     // (N, out)
  T* reach;              // (N): to be lowered to the t > 0 at which the layer's piece ends
};

/// Defaults for the layers of this library, which derive from it; a layer of yours may.
struct layer_defaults {
  static constexpr std::string_view needs = "any input";
  static constexpr layer_role role = layer_role::other;
  static constexpr bool linear = false;    // f(a x + b y) = a f(x) + b f(y), up to a bias
  static constexpr bool in_place = false;  // y may be x, and dx may be dy
  static constexpr bool reshapes = false;  // y holds the very values of x, in the same order
  static constexpr bool finishes = false;  // forward and backward do what io.after says
  static constexpr retention retains{};
  static constexpr bool accepts(shape) { return true; }
  static constexpr parameter_shapes parameters(shape) { return {}; }
  static constexpr long packed(shape) { return 0; }
  static constexpr long scratch(shape, long) { return 0; }
  static constexpr long training_scratch(shape, long) { return 0; }
};

/// A layer is an empty type: facts are static members, numbers live in the network's buffers.
///
/// Minimal definition: derive from `layer_defaults`; give `name`, `output(in)`, and `needs`/`accepts(in)` if
/// not every input will do; give `forward(device, io)` and `backward(device, rule, io)` as templates on
/// device and scalar. With parameters: `parameters(in)`, and `parameter_gradient(device, io)` if the layer is
/// to be trained.
///
/// - `accepts` is total: any shape, no division by zero. `output` and the rest are called only if it said
/// yes.
/// - `needs` completes the sentence "layer 2 (conv2d) needs ...".
/// - `forward` and `backward` only enqueue kernels; backward overwrites dx. They allocate nothing.
///   Backward's rules differ at ReLUs alone, so most layers take `backward(device, auto rule, io)`.
/// - A layer that is piecewise linear but not linear may give `follow(device, line_io)`: its derivative along
/// a line and
///   how far its piece reaches. Exact integrated gradients ask for it.
/// - A layer that `finishes` does the work of a foldable one, as the ReLU is: of that behind it as it runs
///   forward, of that before it as it runs backward.
/// - A layer derived from another that replaces its passes answers for what it inherits, `finishes` and
///   `retains` too.
/// - A layer with `packed(in)` elements of packed weights gives `pack(device, in, first, count, weight,
///   packed)`, which packs so many filters from the first on, and `unpack(device, in, packed, weight)`. A
///   model holds one of the two forms, so a pass gets either `weight` or `packed`.
/// - What forward leaves for backward is stated by `retains`; the network plans memory by it.
///
/// Cost of adding one: its header and test, a line in salient.hpp; a kernel, if it needs a new one.
template <class L>
concept layer = std::is_empty_v<L> && requires(shape s, long n) {
  { L::name } -> std::convertible_to<std::string_view>;
  { L::needs } -> std::convertible_to<std::string_view>;
  { L::role } -> std::convertible_to<layer_role>;
  { L::linear } -> std::convertible_to<bool>;
  { L::in_place } -> std::convertible_to<bool>;
  { L::reshapes } -> std::convertible_to<bool>;
  { L::finishes } -> std::convertible_to<bool>;
  { L::retains } -> std::convertible_to<retention>;
  { L::accepts(s) } -> std::same_as<bool>;
  { L::output(s) } -> std::same_as<shape>;
  { L::parameters(s) } -> std::same_as<parameter_shapes>;
  { L::packed(s) } -> std::same_as<long>;
  { L::scratch(s, n) } -> std::same_as<long>;
  { L::training_scratch(s, n) } -> std::same_as<long>;
};

namespace detail {
template <class L>
struct without_name {
  using type = L;
};
template <class L>
  requires requires { typename L::unnamed; }
struct without_name<L> {
  using type = typename L::unnamed;
};
}  // namespace detail

/// A neighbour that finishes can do this layer's work: it says what that is, `finish_forward(signs)` and for
/// every rule `finish_backward(rule, signs)`, the signs being what it retains; and `using folds_as`, that it
/// is meant itself, so that a layer derived from it, whose passes may differ, is not taken for it. It is
/// in_place, has no parameters, and retains nothing else.
template <class L>
concept foldable = layer<L> && L::in_place && requires(bool* signs) {
  requires std::same_as<typename detail::without_name<L>::type, typename L::folds_as>;
  { L::finish_forward(signs) } -> std::same_as<kernel::finish>;
  { L::finish_backward(gradient{}, signs) } -> std::same_as<kernel::finish>;
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
