// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/core/tensor.hpp"
#include "salient/explainer/layers.hpp"
#include "salient/explainer/options.hpp"
#include "salient/method/list.hpp"

namespace salient::explainer {

// A network without its type, so that the most of an explainer is compiled once and not for each network.

struct network_facts {
  shape input;
  preprocessing images;  ///< as declared
  int classes = 0;
  layer_list layers;          ///< what --layer may name
  std::string default_layer;  ///< Grad-CAM's; empty if there is none
  std::array<bool, methods_count> applies{};
  bool sigmoids = false;  ///< whether each class score is a probability of its own, the output of a sigmoid

  bool apply(method_kind m) const { return applies[static_cast<std::size_t>(m)]; }
};

/// What a method says of a batch.
struct answer {
  tensor map;                 ///< as the method returns it: raw and signed
  std::vector<float> values;  ///< the explained score of each image
  std::vector<double> gaps;   ///< Integrated Gradients' relative completeness gaps; empty for other methods
};

/// A model on its device. The functions throw salient::error for what is not finite.
class explained_model {
 public:
  explained_model() = default;
  explained_model(const explained_model&) = delete;
  explained_model& operator=(const explained_model&) = delete;
  virtual ~explained_model() = default;

  /// Runs the forward pass, and returns the scores: N x 1 x 1 x classes. N is at most the opening's batch.
  virtual const tensor& look(const tensor& images) = 0;
  /// Explains one class for each image that was last looked at, without another forward pass.
  virtual answer explain(method_kind method, const std::vector<int>& classes) = 0;
};

struct opening {
  std::filesystem::path weights;
  preprocessing images;
  long batch = 1;
  int activation = -1;  ///< that Grad-CAM reads, one of the layers' choices; -1 for the default layer
  int steps = 50;       ///< of Integrated Gradients
  score_kind score = score_kind::logit;
};

struct subject {
  network_facts facts;
  /// Loads the weights on the device, and calls `then` with the model and the device in words.
  void (*open)(const device_options&, const opening&,
               const std::function<void(explained_model&, const std::string& device)>& then) = nullptr;
};

}  // namespace salient::explainer
