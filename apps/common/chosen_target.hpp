// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "common/settings.hpp"
#include "salient/method/target.hpp"

namespace apps {

/// The user's target as a single type, so that a program is not instantiated once for each of `logit`,
/// `probability` and `cross_entropy`.
struct chosen_target {
  score_kind kind = score_kind::logit;
  std::vector<int> classes;

  float value(std::span<const float> z, int c) const;
  void derivative(std::span<const float> z, int c, std::span<float> dz) const;
};

inline chosen_target target_of(const settings& s) {
  return {s.score, s.target ? std::vector{*s.target} : std::vector<int>()};
}

}  // namespace apps
