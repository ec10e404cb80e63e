// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include "salient/graph/lay.hpp"
#include "salient/graph/parameters.hpp"
#include "salient/graph/plan.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// A layer's passes as function pointers. A layer is compiled once for each device, however many networks use
/// it; a network of a thousand layers adds a table, not code. Flags tell which functions exist.
template <class D, class T>
struct operation {
  using function = void (*)(const D&, const io<T>&);
  function forward;
  std::array<function, rules::size> backward;  ///< by index in `rules`

  bool has_parameter_gradient = false, has_training = false, packs = false, derives = false, averages = false,
       joins = false, follows = false;
  function parameter_gradient{}, training_forward{}, training_backward{};
  void (*pack)(const D&, shape in, long first, long count, const T* weight, T* packed){};
  void (*unpack)(const D&, shape in, const T* packed, T* weight){};
  void (*derive)(shape in, const T* const* tensors, T* derived){};
  void (*average)(shape in, long values, const T* statistics, T* const* tensors){};
  void (*join_forward)(kernel::epilogue<T>&, const io<T>&){};
  void (*join_backward)(rule_facts, kernel::epilogue<T>&, const io<T>&){};
  void (*follow)(const D&, const line_io<T>&){};
};

template <layer L, class D, class T>
  requires runs_on<L, D, T>
constexpr operation<D, T> operation_of() {
  using function = typename operation<D, T>::function;
  operation<D, T> op{[](const D& d, const io<T>& t) { L::forward(d, t); },
                     rules::table<std::array<function, rules::size>>([]<class Rule>() -> function {
                       return [](const D& d, const io<T>& t) { L::backward(d, Rule{}, t); };
                     })};
  if constexpr (requires(const D& d, const io<T>& t) { L::parameter_gradient(d, t); }) {
    op.has_parameter_gradient = true;
    op.parameter_gradient = [](const D& d, const io<T>& t) { L::parameter_gradient(d, t); };
  }
  if constexpr (L::has_training) {
    op.has_training = true;
    op.training_forward = [](const D& d, const io<T>& t) { L::training_forward(d, t); };
    op.training_backward = [](const D& d, const io<T>& t) { L::training_backward(d, t); };
  }
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
  if constexpr (requires(shape in, const T* const* tensors, T* derived) {
                  L::derive(in, tensors, derived);
                }) {
    op.derives = true;
    op.derive = [](shape in, const T* const* tensors, T* derived) { L::derive(in, tensors, derived); };
  }
  if constexpr (requires(shape in, const T* statistics, T* const* tensors) {
                  L::average(in, 0L, statistics, tensors);
                }) {
    op.averages = true;
    op.average = [](shape in, long values, const T* statistics, T* const* tensors) {
      L::average(in, values, statistics, tensors);
    };
  }
  if constexpr (joinable<L>) {
    op.joins = true;
    op.join_forward = [](kernel::epilogue<T>& e, const io<T>& t) { L::join_forward(e, t); };
    op.join_backward = [](rule_facts r, kernel::epilogue<T>& e, const io<T>& t) {
      L::join_backward(r, e, t);
    };
  }
  if constexpr (!L::linear && piecewise_linear_on<L, D, T>) {
    op.follows = true;
    op.follow = [](const D& d, const line_io<T>& t) { L::follow(d, t); };
  }
  return op;
}

template <class L, class D, class T>
inline constexpr operation<D, T> operation_v = operation_of<L, D, T>();

namespace detail {

/// Lists the operations of a network's rows, in the order of `lay`.
template <class D, class T, class L>
struct list_operations {
  static constexpr const operation<D, T>** go(const operation<D, T>** to) {
    if constexpr (lay<L>::size.rows == 1) *to++ = &operation_v<L, D, T>;
    return to;
  }
};
template <class D, class T, class L>
  requires(requires { typename L::block_type; } && !std::same_as<L, typename L::block_type>)
struct list_operations<D, T, L> : list_operations<D, T, typename L::block_type> {};
template <class D, class T, fixed_string Name, class L>
struct list_operations<D, T, named<Name, L>> : list_operations<D, T, L> {};
template <class D, class T, fixed_string Name>
struct list_operations<D, T, from<Name>> {
  static constexpr const operation<D, T>** go(const operation<D, T>** to) { return to; }
};
template <class D, class T, class... L>
struct list_operations<D, T, sequence<L...>> {
  static constexpr const operation<D, T>** go(const operation<D, T>** to) {
    [[maybe_unused]] const int all[] = {0, (to = list_operations<D, T, L>::go(to), 0)...};
    return to;
  }
};
template <class D, class T, class Layer, class... B>
struct list_pairs {
  static constexpr const operation<D, T>** go(const operation<D, T>** to) {
    to = list_operations<D, T, sequence<B...>>::go(to);
    for (std::size_t i = 1; i < sizeof...(B); ++i) *to++ = &operation_v<Layer, D, T>;
    return to;
  }
};
template <class D, class T, class... B>
struct list_operations<D, T, sum<B...>> : list_pairs<D, T, add_layer, B...> {};
template <class D, class T, class... B>
struct list_operations<D, T, product<B...>> : list_pairs<D, T, multiply_layer, B...> {};
template <class D, class T, class... B>
struct list_operations<D, T, concat<B...>> {
  static constexpr const operation<D, T>** go(const operation<D, T>** to) {
    to = list_operations<D, T, sequence<B...>>::go(to);
    *to++ = nullptr;  // the network itself runs concats
    return to;
  }
};

template <class D, class T, class Network>
struct operations_of {
  static constexpr auto value = [] {
    std::array<const operation<D, T>*, Network::graph.rows.size()> all{};
    list_operations<D, T, typename Network::structure>::go(all.data());
    return all;
  }();
};

}  // namespace detail

/// Everything that a pass needs to know about a network, without its type.
template <class D, class T>
struct program {
  graph_view graph;
  topology_view topology;
  std::span<const operation<D, T>* const> operations;
  std::span<const parameter_place> parameters;
  plan_view plan;
  bool training;
};

template <class Network, class Pass, class D, class T>
constexpr program<D, T> program_of() {
  return {Network::graph,
          Network::topology,
          detail::operations_of<D, T, Network>::value,
          Network::parameter_layout.places,
          Network::template plan<Pass, T>,
          Pass::parameters};
}

/// Parameters in a device's memory.
template <class T>
struct parameters_view {
  const T* values = nullptr;
  bool packed = false;  ///< whether in the form for kernels that read packed weights

  const T* tensor(const parameter_place& p, std::size_t t) const {
    return values + (packed ? p.packed_tensor[t] : p.tensor[t]);
  }
  const T* derived(const parameter_place& p) const {
    return values + (packed ? p.packed_derived : p.derived);
  }
};

/// A workspace in a device's memory, laid out for `capacity` images.
template <class T>
struct workspace_view {
  std::byte* memory = nullptr;
  T* statistics = nullptr;
  T* scratch = nullptr;
  long capacity = 0;

  template <class U>
  U* at(long place) const {
    return place < 0 ? nullptr : reinterpret_cast<U*>(memory + place * capacity);
  }
  /// Start of a contiguous activation or signal.
  T* at(const workspace_place& p) const {
    T* const whole = at<T>(p.bytes);
    return whole ? whole + p.channel : nullptr;
  }
};

}  // namespace salient
