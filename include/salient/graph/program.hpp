// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include "salient/graph/parameters.hpp"
#include "salient/graph/plan.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// A layer's passes as functions. The list of layers decays to a constexpr table of these: a layer is
/// compiled once for a device, however many networks use it, and a network of a hundred layers adds a table,
/// not code.
template <class D, class T>
struct operation {
  using function = void (*)(const D&, const io<T>&);
  function forward;
  std::array<function, rules::size> backward;  ///< by index in `rules`
  function parameter_gradient;                 ///< null for a layer without parameters
  /// Whether the layer has the next two, which are null otherwise. A fact of its own, because GCC does not
  /// take a comparison of a function's address with null for a constant under -fsanitize=undefined.
  bool packs;
  void (*pack)(const D&, shape in, long first, long count, const T* weight, T* packed);
  void (*unpack)(const D&, shape in, const T* packed, T* weight);
  /// What a neighbour does in the layer's place; null unless it is foldable.
  kernel::finish (*finish_forward)(bool* signs);
  std::array<kernel::finish (*)(const bool* signs), rules::size> finish_backward;
};

template <layer L, class D, class T>
  requires runs_on<L, D, T>
constexpr operation<D, T> operation_of() {
  using function = typename operation<D, T>::function;
  operation<D, T> op{[](const D& d, const io<T>& t) { L::forward(d, t); },
                     rules::table<std::array<function, rules::size>>([]<class Rule>() -> function {
                       return [](const D& d, const io<T>& t) { L::backward(d, Rule{}, t); };
                     }),
                     nullptr,
                     false,
                     nullptr,
                     nullptr,
                     nullptr,
                     {}};
  if constexpr (requires(const D& d, const io<T>& t) { L::parameter_gradient(d, t); })
    op.parameter_gradient = [](const D& d, const io<T>& t) { L::parameter_gradient(d, t); };
  if constexpr (requires(const D& d, shape in, const T* from, T* to) {
                  L::pack(d, in, 0L, 0L, from, to);
                  L::unpack(d, in, from, to);
                }) {
    op.packs = true;
    op.pack = [](const D& d, shape in, long first, long count, const T* weight, T* packed) {
      L::pack(d, in, first, count, weight, packed);
    };
    op.unpack = [](const D& d, shape in, const T* packed, T* weight) { L::unpack(d, in, packed, weight); };
  }
  if constexpr (foldable<L>) {
    op.finish_forward = [](bool* signs) { return L::finish_forward(signs); };
    op.finish_backward =
        rules::table<decltype(op.finish_backward)>([]<class Rule>() -> kernel::finish (*)(const bool*) {
          return [](const bool* signs) { return L::finish_backward(Rule{}, signs); };
        });
  }
  return op;
}

namespace detail {
template <class D, class T, class List>
struct operations_of;
template <class D, class T, template <class...> class Network, class Input, class... L>
struct operations_of<D, T, Network<Input, L...>> {
  static constexpr std::array<operation<D, T>, sizeof...(L)> value{operation_of<L, D, T>()...};
};
}  // namespace detail

/// What a layer does on a line besides forward: null for a linear one, whose slopes are its forward pass
/// without bias.
template <class D, class T>
using line_function = void (*)(const D&, const line_io<T>&);

namespace detail {
template <layer L, class D, class T>
constexpr line_function<D, T> line_function_of() {
  if constexpr (!L::linear && piecewise_linear_on<L, D, T>)
    return [](const D& d, const line_io<T>& t) { L::follow(d, t); };
  else
    return nullptr;
}
template <class D, class T, class List>
struct line_functions_of;
template <class D, class T, template <class...> class Network, class Input, class... L>
struct line_functions_of<D, T, Network<Input, L...>> {
  static constexpr std::array<line_function<D, T>, sizeof...(L)> value{line_function_of<L, D, T>()...};
};
}  // namespace detail

/// Everything a pass over a network needs to know, without the network's type.
template <class D, class T>
struct program {
  std::span<const operation<D, T>> operations;
  std::span<const shape> shapes;
  std::span<const parameter_place> parameters;
  std::span<const long> activations, signals, switches, signs;  // places for one image
  std::span<const bool> absorbs;
  std::span<const int> folds;
};

template <class Network, class Pass, class D, class T>
constexpr program<D, T> program_of() {
  constexpr auto& plan = Network::template plan<Pass>;
  return {detail::operations_of<D, T, Network>::value,
          Network::inferred.shapes,
          Network::parameter_layout.places,
          plan.activation,
          plan.signal,
          plan.switches,
          plan.signs,
          plan.absorbs,
          plan.folds};
}

/// Parameters in a device's memory.
template <class T>
struct parameters_view {
  const T* values;
  bool packed;  ///< whether as kernels that read packed weights have them

  const T* weight(const parameter_place& p) const {
    return has_parameters(p) ? values + (packed ? p.packed_weight : p.weight) : nullptr;
  }
  const T* bias(const parameter_place& p) const {
    return p.shapes.biases() > 0 ? values + (packed ? p.packed_bias : p.bias) : nullptr;
  }
};

/// A workspace in a device's memory, laid out for `capacity` images.
template <class T>
struct workspace_view {
  T* elements;
  int* switches;
  bool* signs;
  T* scratch;
  long capacity;

  T* at(long place) const { return elements + place * capacity; }
};

/// Runs a program's layers over a workspace. Only enqueues kernels; allocates nothing.
template <class D, class T>
class runner {
 public:
  runner(const D& device, const program<D, T>& program, const parameters_view<T>& parameters,
         const workspace_view<T>& workspace)
      : device_(device), program_(program), parameters_(parameters), workspace_(workspace) {}

  /// Computes activation `to` from activation `from`.
  void forward(long batch, int from, int to) const {
    for (int i = from; i < to; ++i) {
      io<T> t = arguments(batch, i);
      const bool absorbs = i + 1 < to && program_.absorbs[index(i)];
      if (absorbs) t.after = program_.operations[index(i + 1)].finish_forward(signs(i + 1));
      program_.operations[index(i)].forward(device_, t);
      if (absorbs) ++i;
    }
  }

  /// Computes the signal at activation `to` from the signal at activation `from`, to <= from.
  template <rule Rule>
  void backward(long batch, int from, int to) const {
    for (int i = from; i-- > to;) i = step_back<Rule>(arguments(batch, i), i, to);
  }

  /// Computes activations and their slopes on `batch` lines up to activation `to`, and lowers reach_n to the
  /// step along line n at which the first layer's piece ends. Slopes take the second half of the workspace's
  /// images.
  void follow(long batch, int to, std::span<const line_function<D, T>> functions, T* reach) const {
    const long half = workspace_.capacity / 2;
    for (int i = 0; i < to; ++i) {
      io<T> t = arguments(batch, i);  // nothing is absorbed: each layer's own piece is followed
      const auto forward = program_.operations[index(i)].forward;
      forward(device_, t);
      const T* x_slope = t.x + half * t.in.elements();
      T* y_slope = t.y + half * t.out.elements();
      if (const auto function = functions[index(i)])
        function(device_, {batch, t.in, t.out, t.x, x_slope, t.y, y_slope, t.switches, t.signs, reach});
      else {
        t.x = x_slope;
        t.y = y_slope;
        t.bias = nullptr;
        forward(device_, t);
      }
    }
  }

  /// Computes the gradients of all parameters, laid out as the parameters, from the signal at activation
  /// `from`.
  void parameter_gradients(long batch, int from, T* gradients) const {
    int first = 0;
    while (first < from && !has_parameters(program_.parameters[index(first)])) ++first;
    for (int i = from; i-- > first;) {
      io<T> t = arguments(batch, i);
      if (has_parameters(program_.parameters[index(i)])) {
        const parameter_place& p = program_.parameters[index(i)];
        t.dweight = gradients + p.weight;
        t.dbias = p.shapes.bias ? gradients + p.bias : nullptr;
        program_.operations[index(i)].parameter_gradient(device_, t);
      }
      if (i > first) i = step_back<gradient>(t, i, first + 1);
    }
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  /// Runs layer i backward, and with it the earlier one that it folds, if that is not before `to`; returns
  /// the last layer run.
  template <rule Rule>
  int step_back(io<T> t, int i, int to) const {
    const int folded = program_.folds[index(i)];
    const bool folds = folded >= to;
    if (folds)
      t.after = program_.operations[index(folded)].finish_backward[rules::index<Rule>](signs(folded));
    program_.operations[index(i)].backward[rules::index<Rule>](device_, t);
    return folds ? folded : i;
  }

  template <class U>
  U* part(U* all, long place) const {
    return place < 0 ? nullptr : all + place * workspace_.capacity;
  }
  bool* signs(int layer) const { return part(workspace_.signs, program_.signs[index(layer)]); }

  io<T> arguments(long batch, int layer) const {
    const std::size_t i = index(layer);
    const parameter_place& p = program_.parameters[i];
    const bool packs = parameters_.packed && p.packs;
    return {.batch = batch,
            .in = program_.shapes[i],
            .out = program_.shapes[i + 1],
            .x = workspace_.at(program_.activations[i]),
            .y = workspace_.at(program_.activations[i + 1]),
            .dy = workspace_.at(program_.signals[i + 1]),
            .dx = workspace_.at(program_.signals[i]),
            .weight = packs ? nullptr : parameters_.weight(p),
            .bias = parameters_.bias(p),
            .packed = packs ? parameters_.weight(p) : nullptr,
            .dweight = nullptr,
            .dbias = nullptr,
            .switches = part(workspace_.switches, program_.switches[i]),
            .signs = signs(layer),
            .scratch = workspace_.scratch,
            .after = {}};
  }

  const D& device_;
  const program<D, T>& program_;
  parameters_view<T> parameters_;
  workspace_view<T> workspace_;
};

}  // namespace salient
