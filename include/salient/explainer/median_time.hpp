// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/timing.hpp"

namespace salient::explainer {

/// Milliseconds per call of `f()`: the median of nine runs after a warm-up run.
template <class F>
double median_milliseconds(const F& f) {
  return salient::detail::median(salient::detail::milliseconds(f));
}

}  // namespace salient::explainer
