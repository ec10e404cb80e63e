// SPDX-License-Identifier: MIT
#pragma once

// Sums that several threads share, in an order that depends on their length alone: the same sum has the same
// bits. A part of portable.hpp, which includes this.

namespace salient::kernel {

/// Part `part` of `parts` of term(0) + ... + term(count - 1): every parts-th term, in four interleaved sums,
/// so that a thread waits for four numbers at a time.
template <class T, class I, class F>
SALIENT_HD T part_of_sum(I count, int part, int parts, const F& term) {
  T sums[4] = {};
  I i = part;
  for (; i + 3 * parts < count; i += 4 * parts)
    for (int j = 0; j < 4; ++j) sums[j] += static_cast<T>(term(i + j * parts));
  for (; i < count; i += parts) sums[0] += static_cast<T>(term(i));
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

/// How the threads of a block share the sums of neighbouring channels.
struct sum_shape {
  int lanes;  ///< channels: 8 or 32
  int rows;   ///< threads for each channel: a power of 2 from 4 to 128
};

/// Some terms for each thread, and as many blocks as a large GPU has room for. The rows, on which the order
/// of a sum depends, follow from its length alone.
inline sum_shape shape_of_sums(long groups, int channels, long count) {
  int rows = 4;
  while (rows < 32 && 4L * rows <= count) rows *= 2;
  while (rows < 128 && 64L * rows <= count) rows *= 2;
  const bool wide = rows <= 32 && groups * ((channels + 31) / 32) >= 256;
  return {wide ? 32 : 8, rows};
}

/// Threads that share a row of `width` numbers: a few numbers for each, by the width alone.
inline int lanes_of_row(int width) { return width <= 8 ? 8 : width <= 16 ? 16 : width <= 512 ? 32 : 256; }

}  // namespace salient::kernel
