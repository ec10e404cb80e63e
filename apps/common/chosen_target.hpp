// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "common/settings.hpp"
#include "salient/method/target.hpp"

namespace apps {

/// What the user chose to explain, as one type, so that a program is compiled for one kind of target and not
/// for each: `logit`, `probability` or `cross_entropy` of a class.
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
