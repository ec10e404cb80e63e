// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/core/tensor.hpp"
#include "salient/explainer/layers.hpp"
#include "salient/explainer/options.hpp"
#include "salient/method/fused.hpp"
#include "salient/method/list.hpp"
#include "salient/method/options.hpp"

namespace salient::explainer {

// A network without its type, so that the most of an explainer is compiled once and not for each network.

struct network_facts {
  shape input;
  preprocessing images;  ///< as declared
  int classes = 0;
  layer_list layers;           ///< what --layer may name
  int default_activation = 0;  ///< of the methods that take --layer; 0 if there is none
  /// What each method needs that the network does not have; empty for one that applies.
  std::array<std::string_view, methods_count> missing{};
  std::array<bool, methods_count> takes_layer{};  ///< reads a layer, and --layer may name another
  std::array<int, methods_count> taps{};          ///< the activation that it reads; 0 or less for no layer
  long parameters = 0;
  bool sigmoids = false;  ///< whether each class score is a probability of its own, the output of a sigmoid

  bool apply(method_kind m) const { return missing_for(m).empty(); }
  std::string_view missing_for(method_kind m) const { return missing[static_cast<std::size_t>(m)]; }
  bool take_layer(method_kind m) const { return takes_layer[static_cast<std::size_t>(m)]; }
  /// The activation whose layer the method reads if --layer names `chosen`, or no layer where it is -1; 0 for
  /// none.
  int read_by(method_kind m, int chosen) const {
    if (take_layer(m) && chosen >= 0) return chosen;
    // A method that begins at the network's input comes to the layer by itself.
    const int tap = taps[static_cast<std::size_t>(m)];
    return tap > 0 ? tap : take_layer(m) ? default_activation : 0;
  }
};

/// What a method says of a batch.
struct answer {
  tensor map;                 ///< as the method returns it: raw and signed
  std::vector<float> values;  ///< the explained score of each image
  // For each image; empty for a method that has none:
  std::vector<double> gaps;      ///< relative completeness gaps, of Integrated Gradients
  std::vector<double> errors;    ///< relative standard errors, of a method that samples
  std::vector<int> evaluations;  ///< gradients or samples that the map is a sum of
};

/// The sum of standard errors relative to the sum of the map's magnitudes, as SmoothGrad's tolerance takes
/// it; infinite if only the latter is zero.
double relative_error(std::span<const float> map, std::span<const float> standard_errors);

/// What an explanation is of, besides its images and classes.
struct question {
  /// That methods of a layer read, of the layers' choices; none for the default one. The maps of several are
  /// combined as methods::fused does.
  std::vector<int> activations{};
  fusion combine = fusion::mean;
  map_alignment alignment = map_alignment::stretch;  ///< of the maps that are combined
  method_settings methods{};
  method_kind base = kind_of<salient::methods::gradients>;  ///< that smooth_grad smooths
  std::optional<score_kind> score{};  ///< none: of each method, what its definition explains

  score_kind score_of(method_kind method) const {
    const method_kind own = method == kind_of<salient::methods::smooth<>> ? base : method;
    return score.value_or(words_of(own).of_probability ? score_kind::probability : score_kind::logit);
  }

  /// The only layer; -1 for the default one, or several.
  int activation() const { return activations.size() == 1 ? activations[0] : -1; }
};

/// A model on its device. The functions throw salient::error for what is not finite.
class explained_model {
 public:
  explicit explained_model(question q) : asked(std::move(q)) {}
  explained_model(const explained_model&) = delete;
  explained_model& operator=(const explained_model&) = delete;
  virtual ~explained_model() = default;

  /// May be changed before `look`. A layer other than the default one can be named only if the model was
  /// opened with one, because its pass keeps them all.
  question asked;

  virtual std::string device() const = 0;  ///< in words
  /// Runs the forward pass, and returns the scores: N x 1 x 1 x classes. N is at most the opening's batch.
  virtual const tensor& look(const tensor& images) = 0;
  /// Explains one class for each image that was last looked at, without another forward pass.
  virtual answer explain(method_kind method, const std::vector<int>& classes) = 0;
};

struct opening {
  std::filesystem::path weights;
  preprocessing images;
  long batch = 1;
  question asked{};
};

struct subject {
  network_facts facts;
  /// Throws salient::error if these methods' options do not fit each other or the network, or images this
  /// many at a time.
  void (*validate)(const question&, long batch, std::span<const method_kind>) = nullptr;
  /// Loads the weights on the device.
  std::unique_ptr<explained_model> (*open)(const device_options&, const opening&) = nullptr;
};

}  // namespace salient::explainer
