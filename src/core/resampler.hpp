// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "salient/core/resample.hpp"

namespace salient {

/// resample for maps of one size, one after the other: what depends on the sizes is computed once.
class resampler {
 public:
  /// Throws salient::error if a size is not positive.
  resampler(size from, size to, interpolation how = interpolation::bilinear);
  resampler(size from, size to, const cell_centres& centres, interpolation how = interpolation::bilinear);

  /// `in`: rows x columns x channels. For float and double.
  template <class T>
  void operator()(std::span<const T> in, int channels, std::span<T> out) const;

 private:
  /// The source pixels `low` and `high` of a target pixel, and the weight of `high`.
  struct tap {
    int low, high;
    double weight;
  };
  static tap between(double at, int from);
  static std::vector<tap> taps(int from, int to, interpolation how);
  static std::vector<tap> taps(int from, int to, cell_axis centres, interpolation how);

  int width_;  // of a map
  std::vector<tap> rows_, columns_;
};

}  // namespace salient
