// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <span>
#include <variant>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/graph/session.hpp"
#include "salient/train/labels.hpp"
#include "salient/train/loss.hpp"
#include "salient/train/optimiser.hpp"
#include "salient/train/random.hpp"

namespace salient {

enum class optimiser_kind { adam, sgd };

struct fit_options {
  int epochs = 5;
  long batch = 64;
  optimiser_kind optimiser = optimiser_kind::adam;
  double rate = 1e-3;      ///< initial learning rate; decays to zero along a cosine
  double momentum = 0.9;   ///< for sgd
  int shift = 0;           ///< random translation of each image, in pixels up to this, every time it is seen
  std::uint64_t seed = 1;  ///< for the order of images and for shifts
};

/// What fit reports after every batch. Loss and accuracy are running means over the epoch.
struct fit_progress {
  int epoch = 0, epochs = 0;  ///< epochs completed, out of `epochs`
  long seen = 0, images = 0;  ///< images seen in the current epoch, out of `images`
  double loss = 0, accuracy = 0;
};

namespace detail {

/// Throws salient::error for options out of range, or no images.
SALIENT_EXPORT void check_fit(const fit_options&, shape image, long images);
/// Throws salient::error if the loss is not finite.
SALIENT_EXPORT void check_loss(double loss, int epoch, const fit_options&);

/// Copies image n of `from`, shifted by (dy, dx) and padded with zeros, to image k of `to`.
template <class T>
void copy_shifted(const basic_tensor<T>& from, long n, int dy, int dx, basic_tensor<T>& to, long k) {
  const auto [height, width, channels] = from.extent;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) {
        const int sy = y - dy, sx = x - dx;
        const bool inside = sy >= 0 && sy < height && sx >= 0 && sx < width;
        to(k, y, x, c) = inside ? from(n, sy, sx, c) : T(0);
      }
}

}  // namespace detail

/// Trains a model on labelled images with the softmax cross-entropy. images: N x H x W x C;
/// labels: N, from 0.
///
/// Calls progress(fit_progress) after every batch. The same seed, images and device give the same parameters.
/// Throws salient::error for labels or options out of range, or if the loss is no longer finite.
template <class Model, class F>
void fit(Model& model, const basic_tensor<typename Model::scalar>& images, std::span<const int> labels,
         const fit_options& options, const F& progress) {
  using scalar = typename Model::scalar;
  using network = typename Model::network;
  detail::check_fit(options, images.extent, images.batch);
  check_labels(labels, images.batch, network::classes, "training");

  session<Model, pass::training> s(model, std::min(options.batch, images.batch));
  const auto size = static_cast<std::size_t>(network::parameter_layout.elements);
  buffer<scalar, typename Model::device_type> device_gradient(model.device(), size);
  device_gradient.upload(std::vector<scalar>(size));  // the padding between parameters stays zero
  std::vector<scalar> gradient(size), parameters = model.values();

  std::variant<adam, sgd> optimiser = adam(size, {});
  if (options.optimiser == optimiser_kind::sgd) optimiser = sgd(size, {options.momentum});

  random generator(options.seed);
  std::vector<long> order(labels.size());
  std::iota(order.begin(), order.end(), 0L);
  basic_tensor<scalar> some(images.extent, s.capacity());
  std::vector<int> some_labels;
  const double updates = static_cast<double>(options.epochs) *
                         std::ceil(static_cast<double>(images.batch) / static_cast<double>(s.capacity()));
  double update = 0;
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    generator.shuffle(std::span(order));
    double loss = 0;
    long correct = 0, seen = 0;
    while (seen < images.batch) {
      const long count = std::min(s.capacity(), images.batch - seen);
      some.batch = count;
      some.values.resize(static_cast<std::size_t>(count * images.extent.elements()));
      some_labels.clear();
      for (long k = 0; k < count; ++k) {
        const long n = order[static_cast<std::size_t>(seen + k)];
        const auto offset = [&] {
          return static_cast<int>(generator.below(static_cast<std::size_t>(2 * options.shift + 1))) -
                 options.shift;
        };
        const int dy = offset(), dx = offset();
        detail::copy_shifted(images, n, dy, dx, some, k);
        some_labels.push_back(labels[static_cast<std::size_t>(n)]);
      }
      s.load(some);
      s.forward(0, network::output);
      s.read_scores();  // unchecked: if training diverges, check_loss reports it
      const auto result = softmax_cross_entropy(s.scores(), std::span<const int>(some_labels));
      detail::check_loss(result.loss, epoch, options);
      s.write(s.signal(network::scores), result.gradient.values);
      s.parameter_gradients(network::scores, device_gradient.data());
      device_gradient.download(gradient);
      const double rate = options.rate * (1 + std::cos(std::numbers::pi * update++ / updates)) / 2;
      std::visit(
          [&](auto& o) { o.step(std::span<scalar>(parameters), std::span<const scalar>(gradient), rate); },
          optimiser);
      s.move_averages(parameters);
      model.assign(parameters);
      seen += count;
      correct += result.correct;
      loss += result.loss * static_cast<double>(count);
      progress(fit_progress{epoch, options.epochs, seen, images.batch, loss / static_cast<double>(seen),
                            static_cast<double>(correct) / static_cast<double>(seen)});
    }
  }
}

}  // namespace salient
