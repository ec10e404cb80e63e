// SPDX-License-Identifier: MIT
#include <cmath>

#include "salient/explainer/subject.hpp"

namespace salient::explainer {

double relative_error(std::span<const float> map, std::span<const float> standard_errors) {
  double errors = 0, magnitudes = 0;
  for (const float e : standard_errors) errors += e;
  for (const float v : map) magnitudes += std::abs(v);
  return errors == 0 ? 0 : errors / magnitudes;
}

}  // namespace salient::explainer
