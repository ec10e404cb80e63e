// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <chrono>

#include "salient/core/standard_library.hpp"

namespace salient::detail {

inline constexpr int timed_runs = 9;

/// Milliseconds of each of nine calls of `f()` after a warm-up call.
template <class F>
std::array<double, timed_runs> milliseconds(const F& f) {
  using clock = std::chrono::steady_clock;
  std::array<double, timed_runs> times{};
  f();
  for (double& t : times) {
    const auto start = clock::now();
    f();
    t = std::chrono::duration<double, std::milli>(clock::now() - start).count();
  }
  return times;
}

/// The one in the middle, which an interrupted run does not move.
inline double median(std::array<double, timed_runs> times) {
  std::ranges::nth_element(times, times.begin() + timed_runs / 2);
  return times[timed_runs / 2];
}

}  // namespace salient::detail
