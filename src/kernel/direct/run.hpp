// SPDX-License-Identifier: MIT
#pragma once

namespace salient::kernel::direct {

/// Most rows of a tile.
inline constexpr int most_rows = 8;

/// A part of a sum of products along which both operands advance by constant steps.
struct run {
  const float* b;  ///< the columns' first operands
  long row;        ///< index into the tables of `most_rows` row pointers
  long offset;     ///< added to those pointers
  long length;
  const float* ahead = nullptr;  ///< weights to prefetch meanwhile, or null
};

/// Which cache lines of each run's `ahead` to prefetch.
struct prefetch {
  static constexpr long line = 64 / sizeof(float);
  long from = 0, count = 0;
};

/// A tile's operands and the destination of its sums.
struct tile_operands {
  const run* runs;
  long run_count;
  const float* const* a;  ///< tables of most_rows pointers
  long a_step, b_step;
  const float* start;        ///< initial value of each column, as a bias; null: partial sums from `from`
  const float* const* from;  ///< partial sums of each row
  float* const* to;          ///< where each row's results go
  long a_shift = 0, from_shift = 0, to_shift = 0;  ///< added to all rows' pointers
  prefetch fetch{};
  long b_shift = 0;      ///< from the runs' first column to the tile's
  long column_step = 1;  ///< from one column's operand to the next's, where sums run along vectors
};

}  // namespace salient::kernel::direct
