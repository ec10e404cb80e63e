// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

#include "salient/core/standard_library.hpp"

namespace salient::explainer {

/// Milliseconds per call of `f()`: the median of nine runs after a warm-up run.
template <class F>
double median_milliseconds(const F& f) {
  using clock = std::chrono::steady_clock;
  std::vector<double> times;
  f();
  for (int run = 0; run < 9; ++run) {
    const auto start = clock::now();
    f();
    times.push_back(std::chrono::duration<double, std::milli>(clock::now() - start).count());
  }
  std::ranges::nth_element(times, times.begin() + 4);
  return times[4];
}

}  // namespace salient::explainer
