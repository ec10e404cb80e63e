// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "golden/networks.hpp"
#include "golden/reference.hpp"
#include "salient/method/list.hpp"
#include "salient/salient.hpp"

namespace salient::golden {

using namespace std::string_view_literals;

/// What the library gives for a reference.
template <class T>
struct answer {
  basic_tensor<T> map;
  std::vector<T> values;           // values of the target, one per image
  std::vector<T> baseline_values;  // for integrated gradients only
  std::vector<T> gaps;             // completeness gaps; for integrated gradients only

  answer(explanation<T> e) : map(std::move(e.map)), values(std::move(e.values)) {}
  answer(integrated<T> e)
      : map(std::move(e.map)),
        values(std::move(e.values)),
        baseline_values(std::move(e.baseline_values)),
        gaps(std::move(e.gaps)) {}
};

/// Methods whose references are in files of their own, beside the manifest's: they draw random numbers, or
/// take too many passes to be run on every network.
inline constexpr std::array elsewhere{"smooth_grad"sv, "expected_gradients"sv, "blur_ig"sv,   "guided_ig"sv,
                                      "score_cam"sv,   "ablation_cam"sv,       "full_grad"sv, "rise"sv};

template <class Query>
inline constexpr bool asks_for_logit = false;
template <class Session>
inline constexpr bool asks_for_logit<query<Session, logit>> = true;

/// Runs the library as the manifest's entry describes: its words select types at run time.
template <class Twin>
struct interpreter;

template <fixed_string Name, class Network, int... Layers>
struct interpreter<twin<Name, Network, Layers...>> {
  /// Keeps everything that any method reads.
  using pass = pass_with<0, chosen_activation<Network, default_layer>, methods::cam<>::template tap<Network>,
                         (Layers + 1)...>;

  template <class Session>
  static answer<typename Session::scalar> ask(Session& session,
                                              const basic_tensor<typename Session::scalar>& images,
                                              const nlohmann::json& entry,
                                              const std::map<std::string, array>& arrays) {
    const auto about = [&](const auto& target) {
      return explain(query(session, images, target), entry["method"], entry["options"], arrays);
    };
    const std::vector<int> classes = entry["classes"];
    if (entry["target"] == "logit") return about(logit(classes));
    if (entry["target"] == "probability") return about(probability(classes));
    if (entry["target"] == "cross_entropy") return about(cross_entropy(classes));
    throw std::runtime_error("unknown target");
  }

 private:
  template <class Query>
  static answer<typename Query::scalar> explain(const Query& q, const std::string& method,
                                                const nlohmann::json& options,
                                                const std::map<std::string, array>& arrays) {
    using result = answer<typename Query::scalar>;
    const auto run = [&]<class Method>(const Method& m,
                                       const nlohmann::json& chosen = nlohmann::json::object()) -> result {
      if constexpr (applies<Method, Network>)
        return detail::answer(m, q, chosen.value("layer", -2) + 1);
      else
        throw std::runtime_error("the method does not apply to the network");
    };
    if (method == "cam" && options["weights"] == "classifier") return run(methods::cam<>{});
    if (method == "cam" || method == "guided_grad_cam" || method == "deconvolution" || method == "grad_cam")
      return at_layer<Query>(options, [&]<layer_id Layer>() {
        if (method == "cam") return run(methods::cam<cam_weights::activation_mean, Layer>{});
        if (method == "grad_cam") return run(methods::grad_cam<Layer>{.relu = options.value("relu", true)});
        if (method == "guided_grad_cam")
          return run(methods::guided_grad_cam<Layer>{
              .interpolation = options.value("interpolation", "bilinear") == "nearest"
                                   ? interpolation::nearest
                                   : interpolation::bilinear,
              .relu = options.value("relu", true)});
        return run(methods::deconvolution<Layer>{.map = options.value("map", -1),
                                                 .strongest = options.value("strongest", false)});
      });
    std::optional<result> found;
    const auto try_method = [&]<class Method>(const Method& m) {
      if constexpr (std::ranges::find(elsewhere, Method::words.name) == elsewhere.end())
        if (method == Method::words.name) found = run(with_options(m, options, arrays), options);
    };
    with_all_methods([&]<class... Methods>() { (try_method(Methods{}), ...); });
    if (!found) throw std::runtime_error("unknown method");
    return *std::move(found);
  }

  template <class Method>
  static Method with_options(Method method, const nlohmann::json& options,
                             const std::map<std::string, array>& arrays) {
    if constexpr (requires { method.relu; }) method.relu = options.value("relu", true);
    if constexpr (requires { method.window; }) {
      const auto in = [&](const char* name) { return size{options[name][0], options[name][1]}; };
      method.window = in("window"), method.stride = in("stride"),
      method.baseline = options.value("baseline", 0.0);
    }
    if constexpr (requires { method.baseline_image; }) {
      static const std::map<std::string, quadrature> rules{{"gauss_legendre", quadrature::gauss_legendre},
                                                           {"midpoint", quadrature::midpoint},
                                                           {"trapezoid", quadrature::trapezoid},
                                                           {"left", quadrature::left},
                                                           {"right", quadrature::right}};
      method.steps = options.value("steps", 50);
      method.rule = rules.at(options.value("rule", "gauss_legendre"));
      if (const auto& baseline = options["baseline"]; baseline.is_string())
        method.baseline_image = to_tensor<float>(arrays.at("baseline " + baseline.get<std::string>()));
      else
        method.baseline = baseline;
    }
    return method;
  }

  /// Calls f<layer>() with the layer that the options name; the twin must list it. Supports only logits:
  /// start and end of a backward pass are independent, and each combination costs compile time.
  template <class Query, class F>
  static auto at_layer(const nlohmann::json& options, const F& f) {
    const int wanted = options.value("layer", -1);
    if (wanted < 0) return f.template operator()<default_layer>();
    std::optional<decltype(f.template operator()<default_layer>())> result;
    if constexpr (asks_for_logit<Query>)
      ((wanted == Layers ? void(result = f.template operator()<layer_id(Layers + 1)>()) : void()), ...);
    if (!result) throw std::runtime_error("the network's twin in networks.hpp does not list this layer");
    return *std::move(result);
  }
};

}  // namespace salient::golden
