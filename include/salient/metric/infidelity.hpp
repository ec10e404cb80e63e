// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/core/tensor.hpp"
#include "salient/metric/scorer.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

// Infidelity: Yeh, Hsieh, Suggala, Inouye and Ravikumar 2019, arXiv:1901.09392. The network's input x changes
// at random, and the map should foretell how far the target's value f falls:
//
//     E (sum of map * w - (f(x) - f(x - d)))^2
//
// Smaller is better. There are two kinds of change, for two kinds of map:
//
// - Noise: d is normal noise and w = d. For maps that say how the value changes with the input, as Gradients.
// - Removal: a square of the input becomes the baseline, so that d = x - baseline there, and w is 1 there and
//   0 elsewhere. For maps that share out the value, as Gradients x Input or Integrated Gradients: x -
//   baseline is in the map already.
//
// The scale of the map counts, other than for all other metrics: a map of another unit foretells another
// fall. `scaled` and `unexplained` are for maps without a unit, such as Grad-CAM.

enum class infidelity_change { noise, removal };

struct infidelity_options {
  infidelity_change change = infidelity_change::noise;
  double deviation = 0.15;    ///< of the noise, as a share of the input's largest minus its smallest value
  std::optional<int> side{};  ///< of the square, in pixels; by default a quarter of the image's shorter side
  double baseline = 0;        ///< what a removed square becomes: a value of the network's input
  int samples = 100;          ///< changes of each image, 2 to 1,000,000
  std::uint64_t seed = 0;
  /// Image n of the batch has the random numbers of image `first` + n. Those of different images are
  /// independent, so that a mean over images is of independent values.
  std::uint32_t first = 0;
  long at_once = 64;  ///< images in one forward pass
};

/// For each image.
struct infidelities {
  values mean;            ///< the infidelity
  values standard_error;  ///< of that mean over the samples
  /// The infidelity of the multiple of the map for which it is least. It may be a negative one.
  values scaled;
  /// `scaled` divided by E (f(x) - f(x - d))^2, which is the infidelity of a map of zeros. From 0 to 1: the
  /// share of the falls that no multiple of the map explains. None if the value never changes.
  values unexplained;
};

/// Random changes of a batch, and how far the target's value fell. One serves the maps of many methods.
template <class T>
struct value_falls {
  infidelity_options options;
  basic_tensor<T> inputs;     ///< of the network, after preprocessing: N x H x W x C
  std::vector<double> falls;  ///< f(x) - f(x - d): N x samples
};

namespace detail {

/// The random changes of one kind. For float and double.
template <class T>
class random_changes {
 public:
  /// Throws salient::error if an option is out of range.
  random_changes(const infidelity_options& options, shape extent);

  /// Changes input x of image n for the sample. Throws salient::error if a value is not finite.
  void draw(std::span<const T> x, long n, int sample);
  /// x - d of the last draw.
  std::span<const T> changed() const { return changed_; }
  /// The sum of map * w, for a map of the input's shape. x is that of the last draw.
  double foretold(std::span<const double> map, std::span<const T> x) const;

 private:
  template <class F>
  void for_each_removed(const F& f) const;

  infidelity_options options_;
  shape extent_;
  int side_;
  int top_ = 0, left_ = 0;
  std::vector<T> changed_;
};

}  // namespace detail

/// Changes each image at random and asks for the target's value.
///
/// images: pixels, N x H x W x C. The class is that of the unchanged image. The changes depend on the seed,
/// the image's number and the sample, and on nothing else. Throws salient::error for wrong images, options or
/// classes, and if inputs or scores are not finite.
template <class Model, class Target = logit>
value_falls<typename Model::scalar> draw_value_falls(const Model& model,
                                                     const basic_tensor<typename Model::scalar>& images,
                                                     const Target& target = {},
                                                     const infidelity_options& options = {}) {
  using scalar = typename Model::scalar;
  detail::random_changes<scalar> changes(options, Model::network::input_shape);
  const long samples = options.samples;
  detail::scorer<Model, Target> scorer(model, images, target, images.batch * samples, options.at_once);
  value_falls<scalar> result{options, preprocess(model.input_preprocessing(), images), {}};
  result.falls = scorer.values_of(
      images.batch * samples, [samples](long k) { return k / samples; },
      [&](long k, std::span<scalar> input) {
        changes.draw(result.inputs.image(k / samples), k / samples, static_cast<int>(k % samples));
        std::ranges::copy(changes.changed(), input.begin());
      });
  for (std::size_t k = 0; k < result.falls.size(); ++k)
    result.falls[k] = scorer.value_of(static_cast<long>(k) / samples) - result.falls[k];
  return result;
}

/// The infidelities of maps for changes that were drawn before.
///
/// maps: N x H x W x C as the network's input. A map of another shape is summed over its channels and
/// enlarged bilinearly to the image's size, and the input's channels share the value of a pixel equally. For
/// float and double. Throws salient::error if there is not one map for each image, if a map is larger than
/// the image or not finite, and if a result is not finite.
template <class T>
infidelities infidelity(const value_falls<T>& of, const basic_tensor<T>& maps);

/// Both.
template <class Model, class Target = logit>
infidelities infidelity(const Model& model, const basic_tensor<typename Model::scalar>& images,
                        const basic_tensor<typename Model::scalar>& maps, const Target& target = {},
                        const infidelity_options& options = {}) {
  return infidelity(draw_value_falls(model, images, target, options), maps);
}

}  // namespace salient::metrics
