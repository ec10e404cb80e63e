// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/weight_gradient.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/edge.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// One share of a weight gradient, in tiles of filters by contiguous weights of a line. A line is what a
/// filter reads of one row, (KW, depth), if that is contiguous in the image too; otherwise of one
/// position, (depth).
class filters_gradient {
 public:
  explicit filters_gradient(const weight_gradient& t)
      : t_(t),
        w_(t.p.w),
        filters_(t.p.filters / t.p.groups),
        reach_(w_.dilation_x == 1 && t.x.pixel == t.p.depth() ? w_.width : 1),
        line_(static_cast<long>(reach_) * t.p.depth()),
        lines_(w_.area() / reach_) {
    // Where all positions are contiguous, treat the batch as one long row.
    const bool one_row = w_.pointwise();
    images_ = one_row ? 1 : t.dy.batch;
    rows_ = one_row ? 1 : t.dy.extent.height;
    length_ = one_row ? t.dy.positions() : t.dy.extent.width;
  }

  void run(share part) {
    const thread_block memory(static_cast<std::size_t>(rows_) * sizeof(direct::run));
    runs_ = static_cast<direct::run*>(memory.data());
    const long across = (line_ + most_columns - 1) / most_columns;
    const long widest = tile_rows(most_vectors), down = (filters_ + widest - 1) / widest;
    const long tiles = lines_ * across * down;
    // One image at a time, so that all tiles find it in the core's cache.
    for (group_ = 0; group_ < t_.p.groups; ++group_)
      for (long n = 0; n < images_; ++n)
        for (long t = part.first(tiles); t < part.last(tiles); ++t) {
          const long line = t / down / across, column = t / down % across * most_columns,
                     filter = t % down * widest;
          add(n, line, column, filter, std::min(filter + widest, filters_));
        }
  }

 private:
  void add(long n, long line, long column, long first, long last) {
    const long width = std::min<long>(line_ - column, most_columns);
    const int vectors = static_cast<int>((width + lanes - 1) / lanes);
    const long tap = line * reach_, ky = tap / w_.width, kx = tap % w_.width;
    const float* const from =
        t_.x.values + group_ * t_.x.group + n * t_.x.image + kx * w_.dilation_x * t_.x.pixel + column;
    for (long y = 0; y < rows_; ++y)
      runs_[y] = {from + (y * w_.stride_y + ky * w_.dilation_y) * t_.x.line, 0,
                  y * t_.dy.extent.width * t_.dy.pitch, length_};
    const int rows = tile_rows(vectors);
    const tile_function multiply = tile_of(vectors, false);
    const float* a[most_rows];
    float* to[most_rows];
    const tile_operands t{
        runs_, rows_, a, t_.dy.pitch, static_cast<long>(w_.stride_x) * t_.x.pixel, n == 0 ? zeros_ : nullptr,
        to,    to};
    for (long filter = first; filter < last; filter += rows) {
      const int some = static_cast<int>(std::min<long>(rows, last - filter));
      for (int j = 0; j < rows; ++j) {
        const long o = group_ * filters_ + std::min(filter + j, last - 1);
        a[j] = t_.dy.image(n) + o;
        to[j] = t_.to + (o * lines_ + line) * line_ + column;
      }
      if (width % lanes != 0)
        edge_.compute({some, width, nullptr}, t, multiply);
      else if (some < rows)
        edge_.compute_rows({some, width, nullptr}, rows, t, multiply);
      else
        multiply(t, nullptr);
    }
  }

  const weight_gradient& t_;
  const window& w_;
  long filters_;  ///< of one group
  int reach_;
  long line_, lines_, images_, rows_, length_;
  direct::run* runs_ = nullptr;
  long group_ = 0;
  HWY_ALIGN float zeros_[most_columns] = {};
  edge_tile edge_;
};

void add_weight_gradient(const weight_gradient& t, share part) { filters_gradient(t).run(part); }

void add_bias_gradient(const bias_gradient& t, share part) {
  const long filters = t.dy.extent.channels, vectors = (filters + lanes - 1) / lanes;
  by_vectors(part.first(vectors) * lanes, std::min(part.last(vectors) * lanes, filters), [&](auto d, long o) {
    auto sum = hn::Zero(d);
    for (long p = 0; p < t.dy.positions(); ++p) sum = hn::Add(sum, hn::LoadU(d, t.dy.at(p) + o));
    hn::StoreU(sum, d, t.to + o);
  });
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

padded_images pad(share part, const conv_problem& p, const view<const float>& x, shape out, float* padded) {
  const shape in = x.extent, all = kernel::padded(p.w, in, out);
  const int groups = p.depthwise() ? 1 : p.groups, depth = p.channels / groups;
  const bool line_in_place = p.w.width == 1 || (p.w.dilation_x == 1 && x.contiguous());
  const long line = p.w.dilation_x == 1 ? static_cast<long>(p.w.width) * depth : depth;
  if (groups == 1 && line_in_place && line % 16 == 0 && p.w.top == 0 && p.w.left == 0 &&
      all.height <= in.height && all.width <= in.width)
    return {x.data, x.pitch, static_cast<long>(in.width) * x.pitch, in.positions() * x.pitch, 0};

  const long image = all.positions() * depth;
  const padded_images result{padded, depth, static_cast<long>(all.width) * depth, image, x.batch * image};
  // Trailing rows and columns that no window reads are left out.
  const int columns = std::clamp(all.width - p.w.left, 0, in.width);
  const long rows = x.batch * all.height;
  for (long i = part.first(groups * rows); i < part.last(groups * rows); ++i) {
    const long group = i / rows, row = i % rows, n = row / all.height, y = row % all.height - p.w.top;
    float* to = padded + i * result.line;
    std::fill_n(to, result.line, 0.0F);
    if (y < 0 || y >= in.height) continue;
    to += static_cast<long>(p.w.left) * depth;
    for (int column = 0; column < columns; ++column, to += depth)
      std::copy_n(x.at((n * in.height + y) * in.width + column) + group * depth, depth, to);
  }
  return result;
}

HWY_EXPORT(add_weight_gradient);
HWY_EXPORT(add_bias_gradient);
void weight_gradient::operator()(share part) const { HWY_DYNAMIC_DISPATCH(add_weight_gradient)(*this, part); }
void bias_gradient::operator()(share part) const { HWY_DYNAMIC_DISPATCH(add_bias_gradient)(*this, part); }

}  // namespace salient::kernel::direct
#endif
