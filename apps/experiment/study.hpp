// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/namespace.hpp"
#include "experiment/data.hpp"
#include "experiment/finding.hpp"
#include "salient/explainer/median_time.hpp"
#include "salient/explainer/progress.hpp"
#include "salient/salient.hpp"
#include "salient/train/evaluate.hpp"
#include "salient/train/fit.hpp"
#include "salient/train/initialise.hpp"

namespace experiment {

/// Trains networks on the same data and explains the same images with each of them.
class study {
 public:
  study(const salient::cpu_pool& device, const data& data, const options& options, int networks)
      : device_(device), data_(data), options_(options), networks_(networks) {}

  /// `choices`: the network's values of the varied parameters.
  template <class Network>
  void add(const std::vector<int>& choices) {
    finding f{choices, Network::parameters, Network::template memory<salient::pass::saliency<>>(1)};
    const auto model = trained<Network>();
    f.accuracy = salient::accuracy(model, data_.test.images, data_.test.labels);
    explain(model, f);
    findings_.push_back(std::move(f));
  }

  /// All results, with the agreement between each network's maps and the others'.
  std::vector<finding> compared() {
    progress_.clear();
    compare(findings_);
    return findings_;
  }

 private:
  template <class Network>
  salient::model<Network, salient::cpu_pool> trained() {
    const auto seed = static_cast<std::uint64_t>(options_.seed);
    salient::model<Network, salient::cpu_pool> model(device_, salient::random_parameters<Network>(seed));
    const salient::fit_options how{.epochs = options_.epochs, .batch = 32, .rate = 2e-3, .seed = seed};
    const std::string task = "network " + std::to_string(findings_.size() + 1) + "/" +
                             std::to_string(networks_) + ", training image";
    salient::fit(model, data_.train.images, data_.train.labels, how, [&](const salient::fit_progress& p) {
      progress_.show(task, p.epoch * p.images + p.seen, p.epochs * p.images);
    });
    return model;
  }

  /// Computes both maps from one forward pass, then times each method alone.
  template <class Model>
  void explain(const Model& model, finding& f) const {
    const salient::methods::grad_cam<> where{.relu = false};
    const salient::methods::integrated_gradients how_much{.steps = 20};
    const auto [grad_cam, integrated] = salient::explain(
        model, data_.explained.images, salient::logit(data_.explained.labels), where, how_much);
    const auto extent = data_.explained.images.extent;
    f.grad_cam.maps = salient::resample(grad_cam.map, salient::size(extent));
    f.integrated.maps = integrated.map;

    const salient::tensor one = data_.explained.images.slice(0, 1);
    const salient::logit target(data_.explained.labels[0]);
    f.grad_cam.milliseconds = time(model, one, target, where);
    f.integrated.milliseconds = time(model, one, target, how_much);
  }

  template <class Model, class Method>
  static double time(const Model& model, const salient::tensor& image, salient::logit target,
                     const Method& method) {
    salient::session<Model, salient::pass_for<typename Model::network, Method>> session(model);
    return apps::median_milliseconds([&] { salient::explain(session, image, target, method); });
  }

  const salient::cpu_pool& device_;
  const data& data_;
  const options& options_;
  int networks_;
  apps::progress progress_;
  std::vector<finding> findings_;
};

}  // namespace experiment
