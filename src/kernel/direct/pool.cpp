// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/pool.cpp"
#include <hwy/foreach_target.h>

#include "kernel/direct/finish.hpp"
#include "kernel/sliding.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

void max_pool(share part, long batch, const window& w, shape in, shape out, const float* x,
              const finish& after, float* y, int* switches) {
  const long positions = batch * out.positions();
  for (long p = part.first(positions); p < part.last(positions); ++p) {
    const place at(p * out.channels, out);
    const range rows = covered(at.y, w.stride_y, w.top, w.height, in.height);
    const range columns = covered(at.x, w.stride_x, w.left, w.width, in.width);
    const float* const image = x + at.n * in.elements();
    by_vectors(0, out.channels, [&](auto d, long c) {
      const hn::RebindToSigned<decltype(d)> di;
      int first = rows.first * in.width + columns.first;
      auto best = hn::LoadU(d, image + static_cast<long>(first) * in.channels + c);
      auto winner = hn::Set(di, first);
      for (int row = rows.first; row < rows.last; ++row)
        for (int column = columns.first; column < columns.last; ++column) {
          const int position = row * in.width + column;
          const auto value = hn::LoadU(d, image + static_cast<long>(position) * in.channels + c);
          const auto wins = hn::Gt(value, best);
          best = hn::IfThenElse(wins, value, best);
          winner = hn::IfThenElse(hn::RebindMask(di, wins), hn::Set(di, position), winner);
        }
      hn::StoreU(finished(d, after, p * out.channels + c, best), d, y + p * out.channels + c);
      if (switches) hn::StoreU(winner, di, switches + p * out.channels + c);
    });
  }
}

/// Writes the finished sum of term(tag, output, c) over the windows that cover each input.
template <class F>
HWY_INLINE void gather(share part, long batch, const window& w, shape in, shape out, const finish& after,
                       float* dx, const F& term) {
  const long positions = batch * in.positions();
  for (long p = part.first(positions); p < part.last(positions); ++p) {
    const place at(p * in.channels, in);
    const range rows = covering(at.y, w.stride_y, w.top, w.height, out.height);
    const range columns = covering(at.x, w.stride_x, w.left, w.width, out.width);
    by_vectors(0, in.channels, [&](auto d, long c) {
      auto sum = hn::Zero(d);
      for (int row = rows.first; row < rows.last; ++row)
        for (int column = columns.first; column < columns.last; ++column)
          sum = hn::Add(
              sum, term(d, index({at.n, row, column, static_cast<int>(c)}, out), at.y * in.width + at.x));
      hn::StoreU(finished(d, after, p * in.channels + c, sum), d, dx + p * in.channels + c);
    });
  }
}

void max_pool_gradient(share part, long batch, const window& w, shape in, shape out, const float* dy,
                       const int* switches, const finish& after, float* dx) {
  gather(part, batch, w, in, out, after, dx, [&](auto d, long output, int position) {
    const hn::RebindToSigned<decltype(d)> di;
    const auto won = hn::Eq(hn::LoadU(di, switches + output), hn::Set(di, position));
    return hn::IfThenElseZero(hn::RebindMask(d, won), hn::LoadU(d, dy + output));
  });
}

void avg_pool(share part, long batch, const window& w, shape in, shape out, const float* x,
              const finish& after, float* y) {
  const long positions = batch * out.positions();
  for (long p = part.first(positions); p < part.last(positions); ++p) {
    const place at(p * out.channels, out);
    const range rows = covered(at.y, w.stride_y, w.top, w.height, in.height);
    const range columns = covered(at.x, w.stride_x, w.left, w.width, in.width);
    by_vectors(0, out.channels, [&](auto d, long c) {
      auto sum = hn::Zero(d);
      for (int row = rows.first; row < rows.last; ++row)
        for (int column = columns.first; column < columns.last; ++column)
          sum = hn::Add(sum, hn::LoadU(d, x + index({at.n, row, column, static_cast<int>(c)}, in)));
      const auto mean = hn::Div(sum, hn::Set(d, static_cast<float>(w.area())));
      hn::StoreU(finished(d, after, p * out.channels + c, mean), d, y + p * out.channels + c);
    });
  }
}

void avg_pool_gradient(share part, long batch, const window& w, shape in, shape out, const float* dy,
                       const finish& after, float* dx) {
  const float area = static_cast<float>(w.area());
  gather(part, batch, w, in, out, after, dx,
         [&](auto d, long output, int) { return hn::Div(hn::LoadU(d, dy + output), hn::Set(d, area)); });
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(max_pool);
HWY_EXPORT(max_pool_gradient);
HWY_EXPORT(avg_pool);
HWY_EXPORT(avg_pool_gradient);

void max_pool(share part, long batch, const window& w, shape in, shape out, const float* x,
              const finish& after, float* y, int* switches) {
  HWY_DYNAMIC_DISPATCH(max_pool)(part, batch, w, in, out, x, after, y, switches);
}
void max_pool_gradient(share part, long batch, const window& w, shape in, shape out, const float* dy,
                       const int* switches, const finish& after, float* dx) {
  HWY_DYNAMIC_DISPATCH(max_pool_gradient)(part, batch, w, in, out, dy, switches, after, dx);
}
void avg_pool(share part, long batch, const window& w, shape in, shape out, const float* x,
              const finish& after, float* y) {
  HWY_DYNAMIC_DISPATCH(avg_pool)(part, batch, w, in, out, x, after, y);
}
void avg_pool_gradient(share part, long batch, const window& w, shape in, shape out, const float* dy,
                       const finish& after, float* dx) {
  HWY_DYNAMIC_DISPATCH(avg_pool_gradient)(part, batch, w, in, out, dy, after, dx);
}

}  // namespace salient::kernel::direct
#endif
