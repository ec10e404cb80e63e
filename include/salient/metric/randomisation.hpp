// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "salient/core/state_dict.hpp"
#include "salient/graph/predict.hpp"
#include "salient/metric/maps_of.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

/// How alike maps are before and after layers forgot what they learned. 1: the parameters do not matter, so
/// that the map cannot explain what the network does with them. For each image; none where one of the maps
/// is constant.
struct likeness {
  values ranks;       ///< Spearman's correlation of all values, with their signs
  values magnitudes;  ///< the same of their magnitudes
  /// SSIM of the maps as pictures in grey at the image's size, channels summed, each scaled by its largest
  /// magnitude: black, the middle and white are -1, 0 and 1. None for images smaller than its windows, 11x11.
  values structure;

  friend bool operator==(const likeness&, const likeness&) = default;
};

/// Of maps of one shape about the same images, whose extent is `image`. For float and double. Throws
/// salient::error as spearman does.
template <class T>
likeness compare_maps(const basic_tensor<T>& before, const basic_tensor<T>& after, shape image);

/// Redraws the parameters of a model's last layers. The trained ones come back with 0 and at the end.
template <class Model>
class redrawn_layers {
 public:
  using scalar = typename Model::scalar;
  /// Random parameters of the network, such as random_parameters<network>.
  using draw = std::function<state_dict(std::uint64_t seed)>;

  redrawn_layers(Model& model, draw random)
      : model_(model), random_(std::move(random)), trained_(model.values()) {}
  ~redrawn_layers() {
    if (changed_) model_.assign(trained_);
  }
  redrawn_layers(const redrawn_layers&) = delete;
  redrawn_layers& operator=(const redrawn_layers&) = delete;

  /// Layers with parameters.
  static constexpr int layers() {
    return static_cast<int>(std::ranges::count_if(Model::network::parameter_layout.places,
                                                  [](const auto& p) { return has_parameters(p); }));
  }

  /// Those of the last `count` layers become the random ones of this seed, the others are as trained. Throws
  /// salient::error for random parameters of another network.
  void redraw(int count, std::uint64_t seed) {
    auto parameters = trained_;
    if (count > 0) {
      auto& random = drawn_[seed];
      if (random.empty()) random = Model(model_.device(), random_(seed)).values();
      int kept = layers() - count;
      for (const parameter_place& p : Model::network::parameter_layout.places) {
        if (!has_parameters(p) || kept-- > 0) continue;
        for (std::size_t t = 0; t < p.list.count; ++t)
          std::copy_n(random.begin() + p.tensor[t], p.list.tensors[t].elements(),
                      parameters.begin() + p.tensor[t]);
      }
    }
    model_.assign(parameters);
    changed_ = count > 0;
  }

 private:
  Model& model_;
  draw random_;
  std::vector<scalar> trained_;
  std::map<std::uint64_t, std::vector<scalar>> drawn_;
  bool changed_ = false;
};

struct randomisation_options {
  /// Sets of random parameters: image n is asked with set n modulo this, so that the means over images are
  /// over draws too.
  long sets = 5;
  std::uint64_t seed = 0;  ///< set k has the seed `seed` + k
};

namespace detail {

/// Images that are asked with one set, and their classes.
template <class T>
struct share_of_set {
  std::vector<long> which;
  std::vector<int> classes;
  basic_tensor<T> images, maps;
};

/// For float and double.
template <class T>
share_of_set<T> share(long set, long sets, const basic_tensor<T>& images, const basic_tensor<T>& maps,
                      const std::vector<int>& classes);

/// Writes a share's values to the places of its images.
void put(const likeness& from, const std::vector<long>& which, likeness& to);

}  // namespace detail

/// Parameter randomisation with the last `layers` layers redrawn. `redraw(layers, seed)` does that, and
/// `explain(images, classes)` then gives the maps; `maps` are those of the network as it is trained, which it
/// is again at the end. Adebayo et al. 2018, arXiv:1810.03292.
template <class Redraw, class Explain, class T>
likeness parameter_randomisation(Redraw&& redraw, Explain&& explain, const basic_tensor<T>& maps,
                                 const basic_tensor<T>& images, const std::vector<int>& classes, int layers,
                                 const randomisation_options& options = {}) {
  const auto count = static_cast<std::size_t>(images.batch);
  likeness all{values(count), values(count), values(count)};
  for (long set = 0; set < std::min(options.sets, images.batch); ++set) {
    const auto own = detail::share(set, options.sets, images, maps, classes);
    redraw(layers, options.seed + static_cast<std::uint64_t>(set));
    detail::put(compare_maps(own.maps, explain(own.images, own.classes), images.extent), own.which, all);
  }
  redraw(0, options.seed);
  return all;
}

/// The cascade of the paper, from the top layer down: element k - 1 is of the last k layers redrawn, up to
/// all. `random(seed)` draws parameters of the network: random_parameters<network>, or your own way to
/// initialise it. The maps, of any number of images N x H x W x C, are about the class that the trained
/// network predicts. Smaller values are better. The model is as it was at the end. Throws salient::error as
/// explain does, for random parameters of another network, and if a map is not finite.
template <class Model, class Method>
std::vector<likeness> cascading_randomisation(Model& model,
                                              const basic_tensor<typename Model::scalar>& images,
                                              const Method& method,
                                              typename redrawn_layers<Model>::draw random,
                                              const randomisation_options& options = {}) {
  const auto classes = predicted_classes(predict(model, images));
  maps_of<Model, Method> explain(model, method);
  const auto maps = explain(images, classes);
  redrawn_layers<Model> parameters(model, std::move(random));
  std::vector<likeness> cascade;
  for (int layers = 1; layers <= parameters.layers(); ++layers)
    cascade.push_back(
        parameter_randomisation([&](int last, std::uint64_t seed) { parameters.redraw(last, seed); }, explain,
                                maps, images, classes, layers, options));
  return cascade;
}

}  // namespace salient::metrics
