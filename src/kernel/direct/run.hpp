// SPDX-License-Identifier: MIT
#pragma once

namespace salient::kernel::direct {

/// Rows that a tile has at most.
inline constexpr int most_rows = 8;

/// A stretch of a sum of products along which both operands advance by constant steps.
struct run {
  const float* b;  ///< the columns' first operands
  long row;     ///< which of the rows' pointers, `most_rows` at a time, the other operands are counted from,
  long offset;  ///< and how far from there
  long length;
  const float* ahead = nullptr;  ///< what will be read later on, to be prefetched meanwhile
};

/// Cache lines to prefetch of what every run has ahead.
struct prefetch {
  static constexpr long line = 64 / sizeof(float);
  long from = 0, count = 0;
};

/// A tile's operands, and the destination of its sums.
struct tile_operands {
  const run* runs;
  long run_count;
  const float* const* a;  ///< tables of most_rows pointers
  long a_step, b_step;
  const float* start;        ///< columns' first values, as a bias; null: each row's partial sums
  const float* const* from;  ///< those partial sums
  float* const* to;          ///< where each row's results go
  long a_shift = 0, from_shift = 0, to_shift = 0;  ///< of all rows' operands, partial sums, results
  prefetch fetch{};
  long column_step = 1;  ///< from a column's first operand to the next's, where sums run along vectors
};

}  // namespace salient::kernel::direct
