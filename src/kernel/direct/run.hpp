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
  const float* ahead = nullptr;  ///< what will be read later on, to be fetched meanwhile
};

/// Cache lines to fetch of what every run has ahead.
struct errand {
  static constexpr long line = 64 / sizeof(float);
  long from = 0, count = 0;
};

struct tile_operands {
  const run* runs;
  long run_count;
  const float* const* a;  ///< tables of most_rows pointers
  long a_step, b_step;
  const float* start;  ///< columns' first values, as a bias; null: what c holds
  float* const* c;     ///< where each row's results go
  // Of a finish, row by row, or null:
  bool* const* signs;
  const bool* const* gate;
  float floor;                    ///< results are at least this
  long a_shift = 0, c_shift = 0;  ///< how far from there the rows' operands are, and results, signs and gates
  errand fetch{};
};

}  // namespace salient::kernel::direct
