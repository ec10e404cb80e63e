// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <tuple>
#include <utility>

#include "salient/explainer/dispatch.hpp"
#include "salient/explainer/subject.hpp"
#include "salient/load.hpp"
#include "salient/method/cam.hpp"
#include "salient/method/deconvolution.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/guided_backprop.hpp"
#include "salient/method/guided_grad_cam.hpp"
#include "salient/method/integrated_gradients.hpp"

namespace salient::explainer {

namespace detail {

/// The methods' types, in the order of method_kind.
using all_methods = std::tuple<methods::gradients, methods::gradients_x_input, methods::integrated_gradients,
                               methods::deconvolution<>, methods::guided_backprop, methods::cam<>,
                               methods::grad_cam<>, methods::guided_grad_cam<>>;
static_assert(std::tuple_size_v<all_methods> == methods_count);

template <class Network, class... Methods>
constexpr std::array<bool, methods_count> applicable(std::tuple<Methods...>*) {
  return {Methods::template applies<Network>...};
}
template <class Network>
inline constexpr auto applies = applicable<Network>(static_cast<all_methods*>(nullptr));

template <class Network, method_kind M>
inline constexpr bool apply = applies<Network>[static_cast<std::size_t>(M)];

/// The layer that Grad-CAM reads by default, or -1.
template <class Network>
constexpr int default_activation() {
  if constexpr (apply<Network, method_kind::grad_cam>)
    return chosen_activation<Network, default_layer>;
  else
    return -1;
}

/// The pass for all methods at their default layers.
template <class Network>
struct default_pass {
  static constexpr int cam = [] {
    if constexpr (apply<Network, method_kind::cam>)
      return methods::cam<>::template tap<Network>;
    else
      return -1;
  }();
  using type = pass_with<0, default_activation<Network>(), cam>;
};

/// The pass that keeps every layer that --layer may name.
template <class Network>
struct any_layer_pass {
  static constexpr auto& layers = explainer::spatial_layers<Network>;
  template <std::size_t... I>
  static auto make(std::index_sequence<I...>)
      -> pass_with<0, default_pass<Network>::cam, layers[I].activation...>;
  using type = decltype(make(std::make_index_sequence<layers.size()>()));
};

template <class Network, class Device, class Pass>
class typed_model : public explained_model {
 public:
  typed_model(const Device& device, const opening& o)
      : opening_(o),
        model_(load<Network>(o.weights, device, {.images = o.images})),
        session_(model_, o.batch) {}

  const tensor& look(const tensor& images) override {
    asked_.emplace(session_, images, chosen_target{opening_.score, {}});
    return session_.scores();
  }

  answer explain(method_kind method, const std::vector<int>& classes) override {
    asked_->about({opening_.score, classes});
    const int layer = opening_.activation >= 0 ? opening_.activation : default_activation<Network>();
    switch (method) {
      case method_kind::gradients:
        return ask<method_kind::gradients>(methods::gradients{});
      case method_kind::gradients_x_input:
        return ask<method_kind::gradients_x_input>(methods::gradients_x_input{});
      case method_kind::integrated_gradients:
        return ask<method_kind::integrated_gradients>(methods::integrated_gradients{.steps = opening_.steps});
      case method_kind::deconvolution:
        return ask<method_kind::deconvolution>(methods::deconvolution<>{});
      case method_kind::guided_backprop:
        return ask<method_kind::guided_backprop>(methods::guided_backprop{});
      case method_kind::cam:
        return ask<method_kind::cam>(methods::cam<>{});
      case method_kind::grad_cam:
        return ask<method_kind::grad_cam>(
            [layer](const auto& q) { return methods::detail::grad_cam_at(q, layer, true); });
      case method_kind::guided_grad_cam:
        return ask<method_kind::guided_grad_cam>([layer](const auto& q) {
          return methods::detail::guided_grad_cam_of(q, methods::detail::grad_cam_at(q, layer, true).map,
                                                     interpolation::bilinear);
        });
    }
    return {};
  }

 private:
  using session_type = session<model<Network, Device>, Pass>;

  /// Only for a method that applies; the caller asks for no other.
  template <method_kind M, class Method>
  answer ask(const Method& method) {
    answer result;
    if constexpr (apply<Network, M>) {
      auto found = salient::detail::answer(method, *asked_);
      if constexpr (M == method_kind::integrated_gradients)
        for (std::size_t n = 0; n < found.gaps.size(); ++n) result.gaps.push_back(found.relative_gap(n));
      result.map = std::move(found.map);
      result.values = std::move(found.values);
    }
    return result;
  }

  opening opening_;
  model<Network, Device> model_;
  session_type session_;
  std::optional<query<session_type, chosen_target>> asked_;
};

template <class Network>
void open(const device_options& d, const opening& o,
          const std::function<void(explained_model&, const std::string&)>& then) {
  with_device(d, [&]<class Device>(const Device& device) {
    if (o.activation < 0) {
      typed_model<Network, Device, typename default_pass<Network>::type> m(device, o);
      then(m, describe(d.device, device));
    } else {
      typed_model<Network, Device, typename any_layer_pass<Network>::type> m(device, o);
      then(m, describe(d.device, device));
    }
  });
}

}  // namespace detail

/// Network as a subject.
template <class Network>
subject subject_of() {
  subject s{{Network::input_shape,
             Network::input_preprocessing,
             Network::classes,
             layers_of<Network>,
             {},
             detail::applies<Network>,
             Network::graph.facts(Network::scores - 1).name == "sigmoid"},
            &detail::open<Network>};
  if constexpr (detail::default_activation<Network>() >= 0)
    s.facts.default_layer = default_layer_name<Network>();
  return s;
}

}  // namespace salient::explainer
