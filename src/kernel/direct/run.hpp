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
};

struct tile_operands {
  const run* runs;
  long run_count;
  const float* const* a;  ///< tables of most_rows pointers
  long a_step, b_step;
  const float* start;             ///< columns' first values, as a bias; null: what c holds
  float* const* c;                ///< where each row's results go
  const float* const* gate;       ///< null, or where results pass: only where this is positive
  float floor;                    ///< results are at least this
  long a_shift = 0, c_shift = 0;  ///< how far from there the rows' operands are, and results and gates
};

}  // namespace salient::kernel::direct
