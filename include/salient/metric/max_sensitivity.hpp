// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/graph/session.hpp"
#include "salient/method/explain.hpp"
#include "salient/method/smooth.hpp"
#include "salient/metric/values.hpp"

namespace salient::metrics {

struct sensitivity_options {
  double radius = 0.02;  ///< of the noise, as a share of the input's largest minus its smallest value
  int samples = 10;      ///< inputs with noise for each image, 1 to 1,000,000
  std::uint64_t seed = 0;
  std::uint32_t first = 0;  ///< image n of the batch has the random numbers of image `first` + n
  long at_once = 64;        ///< inputs that run together, without a session
};

namespace detail {

/// Throws salient::error for an option that is out of range.
void check_sensitivity(const sensitivity_options& options);

/// Writes the input of image n plus noise, uniform between -radius and radius times the input's range. For
/// float and double. Throws salient::error if a value is not finite.
template <class T>
void add_uniform_noise(std::span<const T> input, const sensitivity_options& options, long n, int sample,
                       std::span<T> noisy);

/// How far a map is from others: |map - other| / |map|, Euclidean norms of all values.
class distance {
 public:
  /// For float and double.
  template <class T>
  void start(std::span<const T> map);
  template <class T>
  void add(std::span<const T> other);
  /// The largest of all; none for a map of zeros. Throws salient::error if it is not finite.
  std::optional<double> largest() const;

 private:
  std::vector<double> map_, change_;
  double norm_ = 0, largest_ = 0;
};

}  // namespace detail

/// How far a method's map moves when the input moves a little, for each image: the largest
/// |M(x + e) - M(x)| / |M(x)| of the samples, e uniform in all elements of the network's input, Euclidean
/// norms. Smaller is better, but 0 is a map that does not look at the image. Yeh et al. 2019,
/// arXiv:1901.09392. It is the largest of the samples, and grows with their number.
///
/// images: pixels, any number of N x H x W x C. The class is that of the image without noise. None for a map
/// of zeros, which nothing can be divided by. The noise depends on the seed, the image's number, the sample
/// and the element, and on nothing else. As many inputs run together as the session has room for; its pass
/// must be `pass_for<network, Method>`, as for explain. Throws salient::error for wrong images, options or
/// classes, and if inputs, scores, maps or their distances are not finite.
template <class Model, class Pass, class Method, class Target = logit>
values max_sensitivity(session<Model, Pass>& session, const basic_tensor<typename Model::scalar>& images,
                       const Method& method, const Target& target = {},
                       const sensitivity_options& options = {}) {
  using network = typename Model::network;
  using scalar = typename Model::scalar;
  salient::detail::check<network, Pass, Method>();
  detail::check_sensitivity(options);
  salient::detail::check_images(images, network::input_shape, std::max(images.batch, 1L));
  salient::detail::validate<network>(method, images.batch);
  std::vector<int> classes;
  if constexpr (class_target<Target, scalar>) {
    basic_tensor<scalar> scores(session.scores().extent, images.batch);
    for (long first = 0; first < images.batch; first += session.capacity()) {
      session.forward(images.slice(first, std::min(session.capacity(), images.batch - first)));
      std::ranges::copy(session.scores().values, scores.image(first).begin());
    }
    classes = salient::detail::resolve_classes(target.classes, scores);
  }
  const basic_tensor<scalar> inputs = preprocess(session.model().input_preprocessing(), images);
  const long count = long{options.samples} + 1, elements = inputs.extent.elements();
  std::vector<scalar> noisy(static_cast<std::size_t>(elements));
  values result;
  for (long n = 0; n < images.batch; ++n) {
    const auto& own = methods::detail::of_image(method, n);
    detail::distance moved;
    // Number 0 is the input without noise.
    for (long first = 0; first < count; first += session.capacity()) {
      session.begin(std::min(session.capacity(), count - first));
      for (long k = 0; k < session.batch(); ++k) {
        if (first + k == 0)
          std::ranges::copy(inputs.image(n), noisy.begin());
        else
          detail::add_uniform_noise<scalar>(inputs.image(n), options, n, static_cast<int>(first + k - 1),
                                            noisy);
        session.write(session.activation(0) + k * elements, noisy);
      }
      std::vector<int> about;
      if constexpr (class_target<Target, scalar>)
        about.assign(static_cast<std::size_t>(session.batch()), classes[static_cast<std::size_t>(n)]);
      const query<salient::session<Model, Pass>, Target> asked(session, std::move(about), target,
                                                               "at an input with noise");
      const auto maps = salient::detail::answer(own, asked).map;
      for (long k = 0; k < session.batch(); ++k) {
        const std::span<const scalar> map = maps.image(k);
        if (first + k == 0)
          moved.start(map);
        else
          moved.add(map);
      }
    }
    result.push_back(moved.largest());
  }
  return result;
}

/// The same with a temporary session.
template <class Network, class Device, class Scalar, class Method, class Target = logit>
values max_sensitivity(const model<Network, Device, Scalar>& model,
                       const basic_tensor<std::type_identity_t<Scalar>>& images, const Method& method,
                       const Target& target = {}, const sensitivity_options& options = {}) {
  Method::needs::template demand<Network>();
  detail::check_sensitivity(options);
  session<salient::model<Network, Device, Scalar>, pass_for<Network, Method>> session(
      model, std::min(options.at_once, std::max(images.batch, long{options.samples} + 1)));
  return max_sensitivity(session, images, method, target, options);
}

}  // namespace salient::metrics
