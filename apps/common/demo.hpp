// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include "common/outcome.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/explainer/chosen_target.hpp"
#include "salient/explainer/command_line.hpp"
#include "salient/explainer/dispatch.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/layers.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/explainer/range_warning.hpp"
#include "salient/salient.hpp"

namespace apps {

/// How a demo presents itself.
struct introduction {
  std::string name;              ///< "grad-cam": the program is salient-grad-cam, its picture grad-cam.png
  std::string title;             ///< "Grad-CAM"
  std::string summary;           ///< what the method shows, and its paper
  std::string needs;             ///< completes "needs ..." for an unsuitable network, and names others
  std::string network = "cnn";   ///< the default
  bool of_feature_maps = false;  ///< the map is h x w, of a layer, not H x W x C, of the input
};

/// Everything in a demo except its method: the common options, the images, the run-time choice of network,
/// device and target, the timing, the text, the picture and the files.
///
/// Declare the method's options, parse, and run the method.
class demo : public command_line {
 public:
  explicit demo(const introduction& about);

  /// Reads the command line (see command_line::parse). Declare all options first.
  void parse(int count, const char* const* arguments);

  /// Declares that the map does not depend on a class. --target and --score are then wrong usage.
  void without_target(const std::string& why);
  /// Declares that the map has no negative values.
  void non_negative() { outcome_.colours = salient::colour_map::sequential; }

  /// Registers a check of options that depend on the network's layers. It is called with the layers that have
  /// a spatial output, before any file is read.
  void check_layers(std::function<void(const layer_list&)> check) { check_layers_ = std::move(check); }
  /// The layer with this module path; if there is none, wrong usage of `flag`.
  const layer_choice& layer_named(const layer_list& layers, const std::string& flag,
                                  const std::string& wanted) const;

  /// Adds a line to the output: one value for all images, or one per image, in order.
  void figure(const std::string& title, const std::string& value);

  /// Explains the images and returns main's exit code. `explain(model, images, target)` is instantiated for
  /// every device and every network that Method applies to; the one that the user chose is called and timed.
  /// `figures(result)` may add lines to the output.
  template <class Method, class Explain, class Figures>
  int run(const Explain& explain, const Figures& figures);
  template <class Method, class Explain>
  int run(const Explain& explain) {
    return run<Method>(explain, [](const auto&) {});
  }

  /// For use inside `explain`: the method's map of the layer with the module path `wanted`, or of its default
  /// layer if `wanted` is empty. One pass keeps all layers, so that a program has one for each network and
  /// not one for each layer.
  template <class Model, class Target, class Method>
  auto at_layer(const Model& model, const salient::tensor& images, const Target& target,
                const std::string& wanted, const Method& method) {
    using network = typename Model::network;
    const layer_choice& chosen = show_layer(layers_of<network>, wanted, default_layer_name<network>());
    if (wanted.empty()) return std::get<0>(salient::explain(model, images, target, method));
    salient::session<Model, salient::explainer::pass_of_any_layer<network>> session(model, images.batch);
    salient::detail::validate<network>(method, images.batch);
    const salient::query asked(session, images, target);
    return salient::detail::answer(method, asked, chosen.activation);
  }

 private:
  /// The layer that is wanted, which the figures then name.
  const layer_choice& show_layer(const layer_list& layers, const std::string& wanted,
                                 const std::string& by_default);
  [[noreturn]] void inapplicable() const;
  void finish(const salient::explanation<float>& result, double milliseconds);

  introduction about_;
  settings settings_;
  outcome outcome_;
  std::function<void(const layer_list&)> check_layers_;
};

template <class Method, class Explain, class Figures>
int demo::run(const Explain& explain, const Figures& figures) {
  const auto explain_by = [&](const auto& model) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = explain(model, outcome_.in.images, target_of(settings_));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    figures(result);
    finish(result, took.count());
  };
  return guarded(program(), [&] {
    salient::digits::with_network(settings_.network, [&]<class Network>() {
      if constexpr (salient::applies<Method, Network>) {
        if (check_layers_) check_layers_(layers_of<Network>);
        check_outputs(settings_);
        outcome_.in = load_inputs(settings_, warnings_of(program()));
        warn_of_range(program(), outcome_.in.names.front(), outcome_.in.images);
        with_device(settings_, [&](const auto& device) {
          outcome_.device = describe(settings_.device, device);
          explain_by(
              salient::load<Network>(weights_file(settings_.network, settings_.weights), device,
                                     {.images = settings_.preprocessing.over(Network::input_preprocessing)}));
        });
      } else {
        inapplicable();
      }
    });
  });
}

}  // namespace apps
