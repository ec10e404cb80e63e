// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <span>
#include <utility>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/scores.hpp"
#include "salient/core/tensor.hpp"
#include "salient/kernel/score_gradient.hpp"

namespace salient {

/// A target about one class of each image, such as logit:
/// - `classes`, a std::vector<int>: empty for the predicted class, one class for all images, or one for each;
/// - `value(z, c)` and `derivative(z, c, dz)`, where c is the image's class; otherwise as in `target`.
template <class K, class T = float>
concept class_target = requires(const K& k, std::span<const T> z, int c, std::span<T> dz) {
  { k.classes } -> std::convertible_to<std::vector<int>>;
  { k.value(z, c) } -> std::convertible_to<T>;
  k.derivative(z, c, dz);
};

/// What a map explains: a differentiable function of an image's class scores z, before any softmax.
///
/// A target of your own has two members, for scores of type T (templates, to support float and double):
/// - `T value(std::span<const T> z) const`
/// - `void derivative(std::span<const T> z, std::span<T> dz) const`, which writes d value / d z[k] to dz[k];
///   dz is zero on entry.
/// Add `static constexpr bool linear = true` if the value is linear in z: exact integrated gradients require
/// it. A target about one class of each image has three members: see `class_target`.
template <class K, class T = float>
concept target = class_target<K, T> || requires(const K& k, std::span<const T> z, std::span<T> dz) {
  { k.value(z) } -> std::convertible_to<T>;
  k.derivative(z, dz);
};

/// A target that declares its value linear in the scores.
template <class K>
concept linear_target = requires { requires K::linear; };

namespace detail {

/// The classes of logit, probability and cross_entropy.
struct chosen_classes {
  std::vector<int> classes;

  chosen_classes() = default;
  chosen_classes(int all) : classes{all} {}
  chosen_classes(std::vector<int> one_per_image) : classes(std::move(one_per_image)) {}
};

/// The class of each image. Throws salient::error for a class out of range, or if there is neither one class
/// nor one per image.
template <class T>
SALIENT_EXPORT std::vector<int> resolve_classes(const std::vector<int>& classes,
                                                const basic_tensor<T>& scores);

/// The same for classes that are given, of which there are `count`; none if none are given.
SALIENT_EXPORT std::vector<int> given_classes(const std::vector<int>& classes, long images, int count);

/// The class that images first, first + step, ... ask about if it is the same for all, or -1; -1 if no class
/// is given.
SALIENT_EXPORT int one_class(std::span<const int> classes, long first, long step);

/// 1 - p_c, as a sum over the other classes: near p_c = 1 the difference would lose all significant digits.
template <class T>
SALIENT_EXPORT T all_but(std::span<const T> p, int c);

}  // namespace detail

// The kind of target is a type; the class is given at run time: `logit(7)`, `logit()` for the predicted
// class, `logit({7, 2, 1})` for one class per image.

/// z_c
struct logit : detail::chosen_classes {
  using chosen_classes::chosen_classes;
  static constexpr bool linear = true;

  template <class T>
  static T value(std::span<const T> z, int c) {
    return z[static_cast<std::size_t>(c)];
  }
  template <class T>
  static void derivative(std::span<const T>, int c, std::span<T> dz) {
    dz[static_cast<std::size_t>(c)] = T(1);
  }
};

/// softmax(z)_c
struct probability : detail::chosen_classes {
  using chosen_classes::chosen_classes;

  template <class T>
  static T value(std::span<const T> z, int c) {
    return probability_of(z, c);
  }
  template <class T>
  static void derivative(std::span<const T> z, int c, std::span<T> dz) {
    write_probabilities(z, dz);
    const T own = dz[static_cast<std::size_t>(c)], others = detail::all_but<T>(dz, c);
    for (std::size_t k = 0; k < z.size(); ++k) dz[k] = own * (static_cast<int>(k) == c ? others : -dz[k]);
  }
};

/// -log softmax(z)_c: the training loss for label c. Its maps have the opposite sign of logit's.
struct cross_entropy : detail::chosen_classes {
  using chosen_classes::chosen_classes;

  template <class T>
  static T value(std::span<const T> z, int c) {
    const int best = predicted_class(z);
    T ratios = 0;  // of the other classes
    for (std::size_t k = 0; k < z.size(); ++k)
      if (static_cast<int>(k) != best) ratios += std::exp(z[k] - z[static_cast<std::size_t>(best)]);
    // Subtract first: added to a large score, the loss of a confident class would round to zero.
    return std::log1p(ratios) + (z[static_cast<std::size_t>(best)] - z[static_cast<std::size_t>(c)]);
  }
  template <class T>
  static void derivative(std::span<const T> z, int c, std::span<T> dz) {
    write_probabilities(z, dz);
    dz[static_cast<std::size_t>(c)] = -detail::all_but<T>(dz, c);
  }
};

namespace detail {

/// Which kernel differentiates a target, so that a backward pass need not wait for the scores to reach the
/// host: `of(target)` says. A target of a user's own is differentiated on the host.
template <class Target>
struct kernel_of {};
template <>
struct kernel_of<logit> {
  static kernel::score_function of(const logit&) { return kernel::score_function::logit; }
};
template <>
struct kernel_of<probability> {
  static kernel::score_function of(const probability&) { return kernel::score_function::probability; }
};
template <>
struct kernel_of<cross_entropy> {
  static kernel::score_function of(const cross_entropy&) { return kernel::score_function::cross_entropy; }
};

}  // namespace detail

}  // namespace salient
