// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

namespace salient::kernel::direct {

/// Packed layout of a sweep's weights, outermost first: stripe of output channels, as wide as a tile; block
/// of input channels, so that what one stripe rereads stays in cache; entry of the kernel; input channel;
/// output channel.
///
/// Few output channels would leave a vector mostly empty, so sums run along input channels instead. The order
/// is then: output channel, entry of the kernel, input channel.
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

  long stripes() const { return (out_ + columns_ - 1) / columns_; }
  /// First output channel of a stripe.
  long first(long stripe) const { return stripe * columns_; }
  /// Output channels of a stripe, in whole vectors unless there are few.
  long width(long stripe) const { return std::min(columns_, out_ - first(stripe)); }

  long block() const { return block_; }
  long blocks() const { return (in_ + block_ - 1) / block_; }
  long depth(long b) const { return std::min(block_, in_ - b * block_); }

  /// Distances within a block from one output channel, input channel or kernel entry to the next.
  long out_step(long b) const { return few_ ? area_ * depth(b) : 1; }
  long in_step(long stripe) const { return few_ ? 1 : width(stripe); }
  long entry_step(long stripe, long b) const { return few_ ? depth(b) : depth(b) * width(stripe); }

  long offset(long stripe, long b) const {
    return area_ * (first(stripe) * in_ + b * block_ * width(stripe));
  }
  /// Offset of one weight.
  long offset(long out, long entry, long in) const {
    const long g = out / columns_, b = in / block_;
    return offset(g, b) + entry * entry_step(g, b) + (in - b * block_) * in_step(g) +
           (out - first(g)) * out_step(b);
  }
  /// Largest number of elements in one block of a stripe.
  long most() const { return area_ * block_ * std::min(columns_, out_); }

 private:
  /// A panel of 3x3 kernels and 64 columns has 300 kB, so that it and the next one fit in an L2 cache.
  static constexpr long most_depth = 1152;

  long area_, in_;
  bool few_;
  long out_, columns_, block_;
};

}  // namespace salient::kernel::direct
