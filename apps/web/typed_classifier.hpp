// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "networks.hpp"
#include "web/classifier.hpp"

namespace web {

template <class Network>
class typed_classifier : public classifier {
 public:
  explicit typed_classifier(const salient::state_dict& weights)
      : model_(device_, weights), session_(model_), layer_by_layer_(model_) {}

  const salient::tensor& look(const salient::tensor& digit) override {
    digit_ = digit;
    asked_.emplace(session_, digit_, salient::logit());
    return session_.scores();
  }

  answer explain(std::size_t method, int about, int steps) override {
    asked_->about(salient::logit(about));
    answer result;
    with_methods([&]<class... M>() {
      std::size_t place = 0;
      (void)((place++ == method && (result = ask<M>(steps), true)) || ...);
    });
    return result;
  }

  salient::tensor deconvolve(int about, int activation) override {
    if constexpr (salient::applies<salient::methods::deconvolution<>, Network>) {
      const salient::query asked(layer_by_layer_, digit_, salient::logit(about));
      asked.template backward<salient::deconv>(activation);
      return asked.signal(activation);
    } else {
      throw missing<salient::methods::deconvolution<>>();
    }
  }

 private:
  using model_type = salient::model<Network>;

  template <class... M>
  static auto pass_of() {
    return salient::pass_with<tap<M>()...>{};
  }
  template <class M>
  static constexpr int tap() {
    if constexpr (salient::applies<M, Network>)
      return M::template tap<Network>;
    else
      return -1;
  }
  using pass = decltype(with_methods([]<class... M>() { return pass_of<M...>(); }));
  using session_type = salient::session<model_type, pass>;

  template <class M>
  static salient::error missing() {
    return salient::error(std::string(M::words.title) + " needs " +
                          std::string(M::needs::template missing<Network>));
  }

  template <class M>
  answer ask(int steps) {
    if constexpr (salient::applies<M, Network>) {
      M method;
      if constexpr (requires { method.steps; }) method.steps = steps;
      salient::detail::validate<Network>(method, 1);
      auto found = salient::detail::answer(method, *asked_);
      answer result{std::move(found.map), found.values[0]};
      if constexpr (requires { found.gaps; }) {
        result.baseline_value = found.baseline_values[0];
        result.gap = found.gaps[0];
      }
      return result;
    } else {
      throw missing<M>();
    }
  }

  salient::cpu device_;
  model_type model_;
  session_type session_;
  /// Keeps every layer, which costs time: its rows are not fused.
  salient::session<model_type, salient::explainer::pass_of_any_layer<Network>> layer_by_layer_;
  salient::tensor digit_;
  std::optional<salient::query<session_type, salient::logit>> asked_;
};

template <class Network>
network_facts facts_of(std::string_view name) {
  return {name, Network::parameters, salient::explainer::layers_of<Network>, with_methods([]<class... M>() {
            return std::array<std::string_view, sizeof...(M)>{M::needs::template missing<Network>...};
          }),
          [](const salient::state_dict& weights) -> std::unique_ptr<classifier> {
            return std::make_unique<typed_classifier<Network>>(weights);
          }};
}

}  // namespace web
