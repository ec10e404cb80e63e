// SPDX-License-Identifier: MIT

// Tiles that cannot be stored straight from registers. Highway includes this once for each instruction set.

#if defined(SALIENT_KERNEL_DIRECT_EDGE) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_EDGE
#undef SALIENT_KERNEL_DIRECT_EDGE
#else
#define SALIENT_KERNEL_DIRECT_EDGE
#endif

#include <algorithm>
#include <cstddef>
#include <cstring>

#include <hwy/highway.h>

#include "kernel/direct/tile.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// How many of a tile's rows and columns are stored.
struct wanted_results {
  int rows;
  long columns;
  const tile_epilogue* after;  ///< or null
};

/// A tile always computes whole vectors of all its rows. Where fewer are wanted, or the epilogue cannot run
/// in registers, results go through a buffer.
class edge_tile {
 public:
  /// Computes a tile whose columns are all wanted and whose epilogue runs in registers. Rows beyond the last
  /// wanted one must repeat its operands and epilogue.
  void compute_rows(const wanted_results& wanted, int rows, const tile_operands& t, tile_function multiply) {
    float* to[most_rows];
    for (int j = 0; j < rows; ++j) to[j] = j < wanted.rows ? t.to[j] + t.to_shift : sums_ + j * room;
    tile_operands own = t;
    own.to = to;
    own.to_shift = 0;
    multiply(own, wanted.after);
  }

  /// Computes any tile by multiply(operands, epilogue) into the buffer, then stores the part that is wanted.
  template <class F>
  HWY_INLINE void compute(const wanted_results& wanted, const tile_operands& t, const F& multiply) {
    const auto bytes = static_cast<std::size_t>(wanted.columns) * sizeof(float);
    float* rows[most_rows];
    for (int j = 0; j < most_rows; ++j) rows[j] = sums_ + j * room;
    if (!t.start)
      for (int j = 0; j < wanted.rows; ++j) std::memcpy(rows[j], t.from[j] + t.from_shift, bytes);
    tile_operands own = t;
    own.from = own.to = rows;
    own.from_shift = own.to_shift = 0;
    multiply(own, nullptr);
    if (const tile_epilogue* const after = wanted.after)
      return finish_rows(after->output, {after->channel, after->channel + wanted.columns, wanted.rows, sums_,
                                         room, after->positions, after->position_shift, t.to, t.to_shift});
    for (int j = 0; j < wanted.rows; ++j) std::memcpy(t.to[j] + t.to_shift, rows[j], bytes);
  }

 private:
  static constexpr int room = std::max(most_columns, 4);  // multiply_few has up to 4 columns
  HWY_ALIGN float sums_[most_rows * room] = {};
};

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
