// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

namespace salient::kernel::direct {

/// Where a sweep's weights lie, packed: by group of output channels, as many as a tile has columns; by block
/// of input channels, so that what one group reads again and again stays in a core's cache; by entry of the
/// kernel; by input channel; by output channel.
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
        block_(few_ ? in
                    : std::min(in, std::max(most_depth / std::max(area, 1L), columns) / columns * columns)) {}

  bool few() const { return few_; }
  long columns() const { return columns_; }
  long outputs() const { return out_; }

  long groups() const { return (out_ + columns_ - 1) / columns_; }
  /// The first of a group's output channels.
  long first(long group) const { return group * columns_; }
  /// Output channels of a group; unless few, in whole vectors.
  long width(long group) const { return std::min(columns_, out_ - first(group)); }

  long block() const { return block_; }
  long blocks() const { return (in_ + block_ - 1) / block_; }
  long depth(long b) const { return std::min(block_, in_ - b * block_); }

  /// Steps from one of a group's output channels, input channels or entries, of a block, to the next.
  long out_step(long b) const { return few_ ? area_ * depth(b) : 1; }
  long in_step(long group) const { return few_ ? 1 : width(group); }
  long entry_step(long group, long b) const { return few_ ? depth(b) : depth(b) * width(group); }

  long offset(long group, long b) const { return area_ * (first(group) * in_ + b * block_ * width(group)); }
  /// Of one weight.
  long offset(long out, long entry, long in) const {
    const long g = out / columns_, b = in / block_;
    return offset(g, b) + entry * entry_step(g, b) + (in - b * block_) * in_step(g) +
           (out - first(g)) * out_step(b);
  }
  /// Elements of one group's block, at most.
  long most() const { return area_ * block_ * std::min(columns_, out_); }

 private:
  /// A panel of 3x3 kernels and 64 columns has 300 kB: it and the next one fit a second level's cache.
  static constexpr long most_depth = 1152;

  long area_, in_;
  bool few_;
  long out_, columns_, block_;
};

}  // namespace salient::kernel::direct
