// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "salient/kernel/score_gradient.hpp"
#include "salient/method/target.hpp"

namespace salient::explainer {

using score_kind = kernel::score_function;

/// The user's target as a single type, so that a program is not instantiated once for each of `logit`,
/// `probability` and `cross_entropy`.
struct chosen_target {
  score_kind kind = score_kind::logit;
  std::vector<int> classes;

  float value(std::span<const float> z, int c) const;
  void derivative(std::span<const float> z, int c, std::span<float> dz) const;
};

}  // namespace salient::explainer

namespace salient::detail {
template <>
struct kernel_of<explainer::chosen_target> {
  static kernel::score_function of(const explainer::chosen_target& t) { return t.kind; }
};
}  // namespace salient::detail
