// SPDX-License-Identifier: MIT
#pragma once

namespace salient {

/// Extent of one image or feature map. Data is stored channels last (NHWC), row-major.
struct shape {
  int height = 1;
  int width = 1;
  int channels = 1;

  friend constexpr bool operator==(const shape&, const shape&) = default;

  constexpr long positions() const { return static_cast<long>(height) * width; }
  constexpr long elements() const { return positions() * channels; }

  /// True for a map with several positions; a vector (1x1xC) has only one.
  constexpr bool spatial() const { return positions() > 1; }
};

}  // namespace salient
