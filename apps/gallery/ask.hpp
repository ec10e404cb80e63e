// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/hana.hpp>

#include "gallery/results.hpp"
#include "salient/explainer/asked.hpp"
#include "salient/explainer/median_time.hpp"
#include "salient/method/list.hpp"
#include "salient/salient.hpp"

namespace gallery {

namespace hana = boost::hana;

/// A pair of type lists: the methods that Network supports, and the others.
template <class Network>
inline constexpr auto split_methods = hana::partition(salient::methods::all, [](auto method) {
  return hana::bool_c<salient::applies<typename decltype(method)::type, Network>>;
});

template <class Method, class Model>
double time_of(const Model& model, const salient::tensor& image, int target) {
  salient::session<Model, salient::pass_for<typename Model::network, Method>> session(model);
  return apps::median_milliseconds(
      [&] { salient::explain(session, image, salient::logit(target), apps::asked<Method>()); });
}

/// Gaps of Integrated Gradients, and of Gradients x Input to the same score differences.
inline completeness add_up(const salient::integrated<float>& integrated, const salient::tensor& product) {
  completeness sums{{}, integrated.gaps, {}};
  for (std::size_t n = 0; n < integrated.gaps.size(); ++n) {
    const auto map = product.image(static_cast<long>(n));
    sums.differences.push_back(integrated.values[n] - integrated.baseline_values[n]);
    sums.product_gaps.push_back(std::accumulate(map.begin(), map.end(), 0.0F) - sums.differences.back());
  }
  return sums;
}

inline void append(salient::tensor& to, const salient::tensor& more) {
  to.extent = more.extent;
  to.batch += more.batch;
  to.values.insert(to.values.end(), more.values.begin(), more.values.end());
}

/// Runs these methods on a model: for every digit about the class in `to.digits`, after one forward pass;
/// then for each digit, after another one, about every class. Calls `step()` after each digit.
template <class... Methods, class Model, class Step>
void ask(results& to, const Model& model, const std::string& network, const Step& step) {
  const long rows = to.images.batch;
  salient::session<Model, salient::pass_for<typename Model::network, Methods...>> session(model, rows);

  std::vector<int> predicted;
  for (const shown_digit& d : to.digits) predicted.push_back(d.predicted);
  auto answers = salient::explain(session, to.images, salient::logit(predicted), apps::asked<Methods>()...);
  std::apply([&](auto&... answer) { ((to.methods[place<Methods>].rows = std::move(answer.map)), ...); },
             answers);
  constexpr std::array integrates{std::is_same_v<Methods, salient::methods::integrated_gradients>...};
  constexpr auto integral =
      static_cast<std::size_t>(std::ranges::find(integrates, true) - integrates.begin());
  if constexpr (integral < sizeof...(Methods))
    to.sums =
        add_up(std::get<integral>(answers), to.methods[place<salient::methods::gradients_x_input>].rows);

  std::vector<salient::logit> every;
  for (int c = 0; c < Model::network::classes; ++c) every.emplace_back(c);
  for (long n = 0; n < rows; ++n) {
    const auto maps = salient::explain_each(session, to.images.slice(n, 1), every, apps::asked<Methods>()...);
    for (const auto& about_one : maps)
      std::apply([&](auto&... one) { (append(to.methods[place<Methods>].targets, one.map), ...); },
                 about_one);
    step();
  }

  const salient::tensor image = to.images.slice(to.focus, 1);
  ((to.methods[place<Methods>].milliseconds =
        time_of<Methods>(model, image, predicted[static_cast<std::size_t>(to.focus)])),
   ...);
  ((to.methods[place<Methods>].network = network), ...);
}

/// `ask` with the methods of a Hana list of types, which may be empty.
template <class List, class Model, class Step>
void ask_all(List methods, results& to, const Model& model, const std::string& network, const Step& step) {
  hana::unpack(methods, [&](auto... method) {
    if constexpr (sizeof...(method) > 0) ask<typename decltype(method)::type...>(to, model, network, step);
  });
}

}  // namespace gallery
