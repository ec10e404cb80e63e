// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/method/needs.hpp"
#include "salient/method/query.hpp"
#include "salient/method/requirements.hpp"

namespace salient {

/// A saliency method over Network: an aggregate of its options with
/// - `needs`, the `requirements` that it makes of a network;
/// - `tap<Network>`, the activation that it reads after the pass (0 is the input), or -1; and if it reads
///   several, `taps<Network>`, an array of them;
/// - `operator()(query)`, which returns an explanation, or a struct with its members;
/// - instead of it, if the method reads a layer, `at(query, activation)`. The activation may be chosen at run
///   time; the session's pass must keep it;
/// - optionally `validate<Network>(batch)`: throws salient::error for wrong options before anything
///   is computed;
/// - optionally `of_image(n)`: the method with the options of image n alone, if an option may have one
///   value for each image of the batch, as a baseline image;
/// - optionally `static constexpr bool side_by_side = true`, if it returns an `explanation` and treats every
///   image of a batch alike, whatever its place, by backward passes and what the session keeps:
///   `explain_each` then asks it about several targets at once.
template <class M, class Network>
concept method = requires {
  { M::needs::template met<Network> } -> std::convertible_to<bool>;
  { M::template tap<Network> } -> std::convertible_to<int>;
};

namespace detail {

/// Sorts the taps and removes duplicates, so that there are few different passes. -1 is no tap.
template <int... Taps>
struct distinct_taps {
  static constexpr auto sorted = [] {
    struct {
      std::array<int, sizeof...(Taps) + 1> taps{Taps..., -1};
      std::size_t count = 0;
    } result;
    std::ranges::sort(result.taps);
    for (const int tap : result.taps)
      if (tap >= 0 && (result.count == 0 || result.taps[result.count - 1] != tap))
        result.taps[result.count++] = tap;
    return result;
  }();
  template <std::size_t... I>
  static pass::saliency<sorted.taps[I]...> pass(std::index_sequence<I...>);
  using type = decltype(pass(std::make_index_sequence<sorted.count>()));
};

}  // namespace detail

/// A saliency pass that also keeps these activations.
template <int... Taps>
using pass_with = typename detail::distinct_taps<Taps...>::type;

namespace detail {

template <class Network, class Method>
constexpr auto taps_of_one() {
  if constexpr (requires { Method::template taps<Network>; })
    return Method::template taps<Network>;
  else
    return std::array<int, 1>{Method::template tap<Network>};
}

template <class Network, class... Methods>
constexpr std::size_t count_taps() {
  return (taps_of_one<Network, Methods>().size() + ... + 0);
}

template <class Network, class... Methods>
constexpr std::array<int, count_taps<Network, Methods...>()> all_taps() {
  std::array<int, count_taps<Network, Methods...>()> all{};
  auto next = all.begin();
  ((next = std::ranges::copy(taps_of_one<Network, Methods>(), next).out), ...);
  return all;
}

/// The activations that methods read, in their order.
template <class Network, class... Methods>
inline constexpr auto taps_of = all_taps<Network, Methods...>();

template <class Network, class... Methods>
struct pass_of {
  static constexpr auto& taps = taps_of<Network, Methods...>;
  template <std::size_t... I>
  static pass_with<taps[I]...> make(std::index_sequence<I...>);
  using type = decltype(make(std::make_index_sequence<taps.size()>()));
};

}  // namespace detail

/// The pass of a session for these methods on Network.
template <class Network, class... Methods>
using pass_for = typename detail::pass_of<Network, Methods...>::type;

namespace detail {

template <class Pass, class Network, class... Methods>
constexpr bool keeps_all() {
  return std::ranges::all_of(taps_of<Network, Methods...>, [](int tap) {
    return tap < 0 || std::ranges::find(Pass::taps, tap) != Pass::taps.end();
  });
}

template <class Network, class Pass, class... Methods>
constexpr void check() {
  (Methods::needs::template demand<Network>(), ...);
  static_assert(keeps_all<Pass, Network, Methods...>(),
                "salient: this session does not keep what the method reads; make it a session<model, "
                "pass_for<network, methods...>>");
}

/// Throws salient::error if the map, or one of the target's values, is not finite. For float and double.
template <class T>
SALIENT_EXPORT void check_finite(std::span<const T> map, std::span<const T> values);

template <class Network, class Method>
void validate(const Method& m, long batch) {
  if constexpr (requires { m.template validate<Network>(batch); }) m.template validate<Network>(batch);
}

/// Runs the method, at its own layer unless another activation is given.
template <class Method, class Query>
auto run(const Method& m, const Query& q, [[maybe_unused]] int activation = -1) {
  if constexpr (requires { m.at(q, 0); })
    if (activation >= 0) return m.at(q, activation);
  if constexpr (requires { m(q); })
    return m(q);
  else  // tap is -1 if the network lacks what it needs
    return m.at(q, std::max(Method::template tap<typename Query::network>, 0));
}

/// The same. Throws salient::error if the result is not finite.
template <class Method, class Query>
auto answer(const Method& m, const Query& q, int activation = -1) {
  auto result = run(m, q, activation);
  check_finite<typename Query::scalar>(result.map.values, result.values);
  return result;
}

template <class Method>
constexpr bool stands_side_by_side() {
  if constexpr (requires { Method::side_by_side; })
    return Method::side_by_side;
  else
    return false;
}

/// How many targets stand side by side about a batch of images: as many as a processor's cache may hold the
/// passes of. With more than that, networks of many small layers were up to a quarter slower than one by one.
template <class Network, class Pass, class Scalar>
constexpr long most_side_by_side(long batch) {
  constexpr long budget = 32L << 20;  // bytes
  return std::max(budget / (batch * Network::template plan<Pass, Scalar>.bytes), 1L);
}

/// The method's answers about several targets, one for each: from one pass where that is possible.
template <class Method, class Query, class Target>
auto answers(const Method& m, Query& q, std::span<const Target> targets) {
  std::vector<decltype(answer(m, q))> all;
  if constexpr (Query::side_by_side && stands_side_by_side<Method>()) {
    q.about(targets);
    const auto together = answer(m, q);
    const auto images = static_cast<std::ptrdiff_t>(q.batch() / std::ssize(targets));
    const auto part = [&](const auto& of_all, std::ptrdiff_t i) {
      const auto begin = of_all.begin() + i * images;
      return std::remove_cvref_t<decltype(of_all)>(begin, begin + images);
    };
    for (std::ptrdiff_t i = 0; i < std::ssize(targets); ++i)
      all.push_back({together.map.slice(i * images, images), part(together.classes, i),
                     part(together.values, i), together.scores.slice(i * images, images),
                     together.out_of_range});
  } else {
    for (const Target& each : targets) {
      q.about(each);
      all.push_back(answer(m, q));
    }
  }
  return all;
}

template <class Session, class Target>
using query_for = query<Session, std::remove_cvref_t<decltype(demand_target<typename Session::scalar>(
                                     std::declval<const Target&>()))>>;

}  // namespace detail

/// Runs several methods on the same images for several targets, such as all classes, after a single
/// forward pass. `targets` is any range of targets of one type. Returns, for each target, a tuple of the
/// methods' results.
///
/// The session must have the pass `pass_for<network, Methods...>` and can be reused. On a CPU, methods of
/// backward passes alone answer about several targets at a time, if these are logits, probabilities or
/// cross_entropies: as many as the session has room for and the passes' memory stays under 32 MiB. The
/// results are the same to the last bit. Throws salient::error for bad images, options or classes, and if
/// scores or maps are not finite.
template <class Model, class Pass, std::ranges::input_range Targets,
          method<typename Model::network>... Methods>
auto explain_each(session<Model, Pass>& session, const basic_tensor<typename Model::scalar>& images,
                  Targets&& targets, const Methods&... methods) {
  using network = typename Model::network;
  using asked_type = detail::query_for<salient::session<Model, Pass>, std::ranges::range_value_t<Targets>>;
  detail::check<network, Pass, Methods...>();
  (detail::validate<network>(methods, images.batch), ...);
  using target_type = typename asked_type::target_type;
  const long together =
      asked_type::side_by_side
          ? std::min(
                session.capacity() / std::max(images.batch, 1L),
                detail::most_side_by_side<network, Pass, typename Model::scalar>(std::max(images.batch, 1L)))
          : 1;
  std::optional<asked_type> asked;
  std::vector<decltype(std::tuple{detail::answer(methods, *asked)...})> results;
  std::vector<target_type> waiting;
  const auto ask = [&] {
    if (waiting.size() == 1) {
      asked->about(waiting[0]);
      results.push_back(std::tuple{detail::answer(methods, *asked)...});  // braces: evaluated left to right
    } else if (!waiting.empty()) {
      std::tuple all{detail::answers(methods, *asked, std::span<const target_type>(waiting))...};
      for (std::size_t i = 0; i < waiting.size(); ++i)
        std::apply([&](auto&... each) { results.emplace_back(std::move(each[i])...); }, all);
    }
    waiting.clear();
  };
  for (const auto& each : targets) {
    const auto& target = detail::demand_target<typename Model::scalar>(each);
    if (!asked) asked.emplace(session, images, target);
    if constexpr (asked_type::side_by_side)
      if (!waiting.empty() && !asked_type::alike(waiting[0], target)) ask();
    waiting.push_back(target);
    if (std::ssize(waiting) >= together) ask();
  }
  ask();
  return results;
}

/// The same with a temporary session.
template <class Network, class Device, class Scalar, std::ranges::input_range Targets,
          method<Network>... Methods>
auto explain_each(const model<Network, Device, Scalar>& model,
                  const basic_tensor<std::type_identity_t<Scalar>>& images, Targets&& targets,
                  const Methods&... methods) {
  (Methods::needs::template demand<Network>(), ...);
  using pass = pass_for<Network, Methods...>;
  const long batch = std::max(images.batch, 1L);
  long together = 1;
  if constexpr (!runs_ahead<Device> && std::ranges::sized_range<Targets> &&
                (detail::stands_side_by_side<Methods>() || ...)) {
    const auto asked = static_cast<long>(std::ranges::size(targets));
    together = std::clamp(asked, 1L, detail::most_side_by_side<Network, pass, Scalar>(batch));
  }
  session<salient::model<Network, Device, Scalar>, pass> session(model, batch * together);
  return explain_each(session, images, std::forward<Targets>(targets), methods...);
}

/// The same for one target: a tuple of the methods' results.
template <class Model, class Pass, class Target, method<typename Model::network>... Methods>
auto explain(session<Model, Pass>& session, const basic_tensor<typename Model::scalar>& images,
             const Target& target, const Methods&... methods) {
  using network = typename Model::network;
  detail::check<network, Pass, Methods...>();
  (detail::validate<network>(methods, images.batch), ...);
  const detail::query_for<salient::session<Model, Pass>, Target> asked(
      session, images, detail::demand_target<typename Model::scalar>(target));
  return std::tuple{detail::answer(methods, asked)...};
}

/// The same with a temporary session.
///
/// model: parameters; images: pixels, N x H x W x C, or one image; target: logit, probability, cross_entropy
/// or one of your own.
template <class Network, class Device, class Scalar, class Target, class... Methods>
auto explain(const model<Network, Device, Scalar>& model,
             const basic_tensor<std::type_identity_t<Scalar>>& images, const Target& target,
             const Methods&... methods) {
  (Methods::needs::template demand<Network>(), ...);
  session<salient::model<Network, Device, Scalar>, pass_for<Network, Methods...>> session(
      model, std::max(images.batch, 1L));
  return explain(session, images, target, methods...);
}

}  // namespace salient
