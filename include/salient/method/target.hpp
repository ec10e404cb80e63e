// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <span>
#include <utility>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

// For scores in float and double.

/// The class with the largest score; the first of equals.
template <class T>
int predicted_class(std::span<const T> scores);

/// softmax(scores)
template <class T>
std::vector<T> probabilities(std::span<const T> scores);

namespace detail {

/// Which classes a target is about: none for the predicted one, one for all images, or one for each.
struct target_classes {
  std::vector<int> classes;

  target_classes() = default;
  target_classes(int all) : classes{all} {}
  target_classes(std::vector<int> one_per_image) : classes(std::move(one_per_image)) {}

  /// One class for each image. Throws salient::error for one out of range, or a count that fits neither.
  template <class T>
  std::vector<int> resolve(const basic_tensor<T>& scores) const;
};

/// 1 - p_c, as a sum: near 1 the difference would lose the digits that a map of a confident class is made of.
template <class T>
T all_but(std::span<const T> p, int c);

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
