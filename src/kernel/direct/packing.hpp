// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

namespace salient::kernel::direct {

/// Where packed weights lie: by group of output channels, as many as a tile has columns; by block of input
/// channels, so that what one group reads again and again stays in a core's cache; by entry of the kernel;
/// by input channel; by output channel.
///
/// For few output channels, of which a vector would be mostly empty, sums run along input channels instead:
/// by output channel, by entry of the kernel, by input channel.
class packing {
 public:
  static constexpr int most_few = 4;

  packing(long area, long in, long out, long columns, long lanes)
      : area_(area),
        in_(in),
        few_(out <= most_few && in % 16 == 0),
        out_(few_ ? out : (out + lanes - 1) / lanes * lanes),
        columns_(few_ ? out : columns),
        block_(few_ ? in : std::min(in, most_depth)) {}

  bool few() const { return few_; }

  long groups() const { return (out_ + columns_ - 1) / columns_; }
  long first(long group) const { return group * columns_; }
  /// Output channels of a group; unless few, in whole vectors.
  long width(long group) const { return std::min(columns_, out_ - first(group)); }

  long block() const { return block_; }
  long blocks() const { return (in_ + block_ - 1) / block_; }
  long depth(long b) const { return std::min(block_, in_ - b * block_); }

  long offset(long group, long b) const { return area_ * (first(group) * in_ + b * block_ * width(group)); }

 private:
  /// With 3x3 kernels and 64 columns, about half a megabyte.
  static constexpr long most_depth = 256;

  long area_, in_;
  bool few_;
  long out_, columns_, block_;
};

}  // namespace salient::kernel::direct
