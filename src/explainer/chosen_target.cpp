// SPDX-License-Identifier: MIT
#include "salient/explainer/chosen_target.hpp"

namespace salient::explainer {

namespace {

/// Calls f with the library's target type for `kind`.
template <class F>
auto with_kind(score_kind kind, const F& f) {
  if (kind == score_kind::probability) return f(salient::probability());
  if (kind == score_kind::cross_entropy) return f(salient::cross_entropy());
  return f(salient::logit());
}

}  // namespace

float chosen_target::value(std::span<const float> z, int c) const {
  return with_kind(kind, [&](auto target) { return target.value(z, c); });
}

void chosen_target::derivative(std::span<const float> z, int c, std::span<float> dz) const {
  with_kind(kind, [&](auto target) { target.derivative(z, c, dz); });
}

}  // namespace salient::explainer
