// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

/// The class with the largest score; the first of equals.
template <class T>
int predicted_class(std::span<const T> scores) {
  return static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

/// softmax(scores)
template <class T>
std::vector<T> probabilities(std::span<const T> scores) {
  const T largest = *std::max_element(scores.begin(), scores.end());
  std::vector<T> result(scores.begin(), scores.end());
  T sum = 0;
  for (T& p : result) sum += p = std::exp(p - largest);
  for (T& p : result) p /= sum;
  return result;
}

namespace detail {

/// Which classes a target is about: none for the predicted one, one for all images, or one for each.
struct target_classes {
  std::vector<int> classes;

  target_classes() = default;
  target_classes(int all) : classes{all} {}
  target_classes(std::vector<int> one_per_image) : classes(std::move(one_per_image)) {}

  /// One class for each image. Throws salient::error for one out of range, or a count that fits neither.
  template <class T>
  std::vector<int> resolve(const basic_tensor<T>& scores) const {
    const int count = static_cast<int>(scores.extent.elements());
    std::vector<int> result(static_cast<std::size_t>(scores.batch));
    if (classes.size() > 1 && classes.size() != result.size())
      throw error("a batch of " + std::to_string(result.size()) + " images takes one target or " +
                  std::to_string(result.size()) + ", got " + std::to_string(classes.size()));
    for (std::size_t n = 0; n < result.size(); ++n) {
      result[n] = classes.empty()       ? predicted_class(scores.image(static_cast<long>(n)))
                  : classes.size() == 1 ? classes[0]
                                        : classes[n];
      if (result[n] < 0 || result[n] >= count)
        throw error("target " + std::to_string(result[n]) +
                    " is out of range: the network has classes 0 to " + std::to_string(count - 1));
    }
    return result;
  }
};

}  // namespace detail

namespace detail {

/// 1 - p_c, as a sum: near 1 the difference would lose the digits that a map of a confident class is made of.
template <class T>
T all_but(std::span<const T> p, int c) {
  T sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k)
    if (static_cast<int>(k) != c) sum += p[k];
  return sum;
}

}  // namespace detail

// What a map explains, as a function of the scores z before any softmax. The kind is a type; the class is a
// run-time index: `logit(7)`, `logit()` for the predicted class, `logit({7, 2, 1})` for one an image.

/// z_c
struct logit : detail::target_classes {
  using target_classes::target_classes;

  template <class T>
  static T value(std::span<const T> z, int c) {
    return z[static_cast<std::size_t>(c)];
  }
  template <class T>
  static void derivative(std::span<const T> z, int c, std::span<T> dz) {
    for (std::size_t k = 0; k < z.size(); ++k) dz[k] = static_cast<int>(k) == c ? T(1) : T(0);
  }
};

/// softmax(z)_c
struct probability : detail::target_classes {
  using target_classes::target_classes;

  template <class T>
  static T value(std::span<const T> z, int c) {
    return probabilities(z)[static_cast<std::size_t>(c)];
  }
  template <class T>
  static void derivative(std::span<const T> z, int c, std::span<T> dz) {
    const std::vector<T> p = probabilities(z);
    const T own = p[static_cast<std::size_t>(c)];
    for (std::size_t k = 0; k < z.size(); ++k)
      dz[k] = own * (static_cast<int>(k) == c ? detail::all_but<T>(p, c) : -p[k]);
  }
};

/// -log softmax(z)_c: the training loss if c is the label. Maps of it have the opposite sign of logit's.
struct cross_entropy : detail::target_classes {
  using target_classes::target_classes;

  template <class T>
  static T value(std::span<const T> z, int c) {
    const int best = predicted_class(z);
    std::vector<T> ratios(z.begin(), z.end());
    for (T& k : ratios) k = std::exp(k - z[static_cast<std::size_t>(best)]);
    return std::log1p(detail::all_but<T>(ratios, best)) + z[static_cast<std::size_t>(best)] -
           z[static_cast<std::size_t>(c)];
  }
  template <class T>
  static void derivative(std::span<const T> z, int c, std::span<T> dz) {
    const std::vector<T> p = probabilities(z);
    for (std::size_t k = 0; k < z.size(); ++k)
      dz[k] = static_cast<int>(k) == c ? -detail::all_but<T>(p, c) : p[k];
  }
};

/// Satisfied by logit, probability, cross_entropy, and by any such type: a differentiable function of the
/// scores.
template <class K>
concept target = std::derived_from<K, detail::target_classes> &&
    requires(std::span<const float> z, int c, std::span<float> dz) {
  { K::value(z, c) } -> std::same_as<float>;
  K::derivative(z, c, dz);
};

}  // namespace salient
