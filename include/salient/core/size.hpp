// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/shape.hpp"

namespace salient {

/// A height and a width: of a kernel, a stride or an image. `3` means 3x3; `size{3, 5}` is 3 rows
/// by 5 columns.
struct size {
  int height, width;
  constexpr size(int both) : height(both), width(both) {}
  constexpr size(int rows, int columns) : height(rows), width(columns) {}
  /// The height and width of an image or map.
  constexpr explicit size(shape extent) : height(extent.height), width(extent.width) {}
  friend constexpr bool operator==(const size&, const size&) = default;
};

}  // namespace salient
