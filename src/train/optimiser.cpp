// SPDX-License-Identifier: MIT
#include "salient/train/optimiser.hpp"

#include <cmath>

namespace salient {

sgd::sgd(std::size_t parameters, options how) : options_(how), velocity_(parameters) {}

template <class T>
void sgd::step(std::span<T> parameters, std::span<const T> gradient, double rate) {
  for (std::size_t i = 0; i < velocity_.size(); ++i) {
    velocity_[i] = options_.momentum * velocity_[i] + static_cast<double>(gradient[i]);
    parameters[i] -= static_cast<T>(rate * velocity_[i]);
  }
}

adam::adam(std::size_t parameters, options how) : options_(how), mean_(parameters), square_(parameters) {}

template <class T>
void adam::step(std::span<T> parameters, std::span<const T> gradient, double rate) {
  ++steps_;
  const double mean_bias = 1 - std::pow(options_.beta1, static_cast<double>(steps_));
  const double square_bias = 1 - std::pow(options_.beta2, static_cast<double>(steps_));
  for (std::size_t i = 0; i < mean_.size(); ++i) {
    const auto g = static_cast<double>(gradient[i]);
    mean_[i] += (1 - options_.beta1) * (g - mean_[i]);
    square_[i] += (1 - options_.beta2) * (g * g - square_[i]);
    parameters[i] -= static_cast<T>(rate * (mean_[i] / mean_bias) /
                                    (std::sqrt(square_[i] / square_bias) + options_.epsilon));
  }
}

template void sgd::step(std::span<float>, std::span<const float>, double);
template void sgd::step(std::span<double>, std::span<const double>, double);
template void adam::step(std::span<float>, std::span<const float>, double);
template void adam::step(std::span<double>, std::span<const double>, double);

}  // namespace salient
