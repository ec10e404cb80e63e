// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/weight_gradient.cpp"
#include <algorithm>
#include <cstring>
#include <limits>

#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/tile.hpp"
#include "salient/kernel/conv.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// One share of a weight gradient, in tiles of filters by neighbours of a line of their weights: a line is
/// what a filter sees of one row, (KW, channels), which is as long in the image.
class filters_gradient {
 public:
  filters_gradient(long batch, const window& w, shape in, shape out, const padded_images& x, const float* dy,
                   float* dweight)
      : w_(w),
        in_(in),
        out_(out),
        x_(x),
        dy_(dy),
        dweight_(dweight),
        line_(static_cast<long>(w.width) * in.channels) {
    // Where positions follow each other in one line of memory, a batch is one long row.
    const bool one_row = w.pointwise();
    groups_ = one_row ? 1 : batch;
    rows_ = one_row ? 1 : out.height;
    length_ = one_row ? batch * out.positions() : out.width;
  }

  void run(share part) {
    auto* const runs = static_cast<direct::run*>(
        borrow_thread_memory(static_cast<std::size_t>(rows_) * sizeof(direct::run)));
    const long across = (line_ + most_columns - 1) / most_columns;
    const long widest = tile_rows(most_vectors), down = (out_.channels + widest - 1) / widest;
    const long tiles = w_.height * across * down;
    // Image by image, each of which all tiles find in the core's cache.
    for (long n = 0; n < groups_; ++n)
      for (long t = part.first(tiles); t < part.last(tiles); ++t) {
        const long ky = t / down / across, column = t / down % across * most_columns,
                   filter = t % down * widest;
        add(runs, n, ky, column, filter, std::min(filter + widest, static_cast<long>(out_.channels)));
      }
    return_thread_memory(runs);
  }

 private:
  void add(direct::run* runs, long n, long ky, long column, long first, long last) {
    const long width = std::min<long>(line_ - column, most_columns);
    const int vectors = static_cast<int>((width + lanes - 1) / lanes);
    const bool whole = width % lanes == 0;
    for (long y = 0; y < rows_; ++y)
      runs[y] = {x_.values + n * x_.image + (y * w_.stride_y + ky) * x_.line + column, 0,
                 y * out_.width * out_.channels, length_};
    const int rows = tile_rows(vectors);
    for (long filter = first; filter < last; filter += rows) {
      const float* a[most_rows];
      float* c[most_rows];
      for (int j = 0; j < rows; ++j) {
        const bool own = filter + j < last;
        const long o = own ? filter + j : last - 1;
        float* const place = dweight_ + (o * w_.height + ky) * line_ + column;
        a[j] = dy_ + n * out_.elements() + o;
        c[j] = own && whole ? place : spare_ + j * most_columns;
        if (!(own && whole) && n > 0)
          std::memcpy(c[j], place, static_cast<std::size_t>(width) * sizeof(float));
      }
      const tile_operands t{runs,
                            rows_,
                            a,
                            out_.channels,
                            static_cast<long>(w_.stride_x) * in_.channels,
                            n == 0 ? zeros_ : nullptr,
                            c,
                            nullptr,
                            nullptr,
                            -std::numeric_limits<float>::infinity()};
      multiply_tile(vectors, t);
      for (int j = 0; j < rows && !whole && filter + j < last; ++j)
        std::memcpy(dweight_ + ((filter + j) * w_.height + ky) * line_ + column, c[j],
                    static_cast<std::size_t>(width) * sizeof(float));
    }
  }

  const window& w_;
  shape in_, out_;
  const padded_images& x_;
  const float* dy_;
  float* dweight_;
  long line_, groups_, rows_, length_;
  HWY_ALIGN float zeros_[most_columns] = {};
  HWY_ALIGN float spare_[most_rows * most_columns] = {};
};

/// dbias, of a share of the filters.
inline void add_up(share part, long positions, long filters, const float* dy, float* dbias) {
  const vector_tag d;
  const long vectors = filters / lanes, first = part.first(vectors + 1), last = part.last(vectors + 1);
  for (long v = first; v < std::min(last, vectors); ++v) {
    vector sum = hn::Zero(d);
    for (long p = 0; p < positions; ++p) sum = hn::Add(sum, hn::LoadU(d, dy + p * filters + v * lanes));
    hn::StoreU(sum, d, dbias + v * lanes);
  }
  if (last <= vectors) return;
  for (long o = vectors * lanes; o < filters; ++o) {
    dbias[o] = 0;
    for (long p = 0; p < positions; ++p) dbias[o] += dy[p * filters + o];
  }
}

void weight_gradient(share part, long batch, const window& w, shape in, shape out, const padded_images& x,
                     const float* dy, float* dweight, float* dbias) {
  filters_gradient(batch, w, in, out, x, dy, dweight).run(part);
  if (dbias) add_up(part, batch * out.positions(), out.channels, dy, dbias);
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

padded_images pad(share part, long batch, const window& w, shape in, shape out, const float* x,
                  float* padded) {
  if (padded_elements(w, in, out, batch) == 0)
    return {x, static_cast<long>(in.width) * in.channels, in.elements()};
  const shape all = kernel::padded(w, in, out);
  const padded_images result{padded, static_cast<long>(all.width) * in.channels, all.elements()};
  const int columns = std::clamp(all.width - w.left, 0, in.width);
  for (long row = part.first(batch * all.height); row < part.last(batch * all.height); ++row) {
    const long n = row / all.height, y = row % all.height - w.top;
    float* const to = padded + row * result.line;
    std::fill_n(to, result.line, 0.0F);
    if (y >= 0 && y < in.height)
      std::copy_n(x + (n * in.height + y) * in.width * in.channels, static_cast<long>(columns) * in.channels,
                  to + static_cast<long>(w.left) * in.channels);
  }
  return result;
}

HWY_EXPORT(weight_gradient);

void weight_gradient(share part, long batch, const window& w, shape in, shape out, const padded_images& x,
                     const float* dy, float* dweight, float* dbias) {
  HWY_DYNAMIC_DISPATCH(weight_gradient)(part, batch, w, in, out, x, dy, dweight, dbias);
}

}  // namespace salient::kernel::direct
#endif
