// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/pool.cpp"
#include <limits>

#include <hwy/foreach_target.h>

#include "kernel/direct/epilogue.hpp"
#include "kernel/sliding.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// Calls body(position, place) for one share of a view's positions.
template <class F>
HWY_INLINE void for_each_position(const view<float>& y, share part, const F& body) {
  const long last = part.last(y.positions());
  long p = part.first(y.positions());
  for (place at(p, y.extent); p < last; ++p, at.advance(y.extent)) body(p, at);
}

void take_largest(const max_pool& t, share part) {
  const shape in = t.x.extent;
  const long channels = t.y.extent.channels;
  const output_epilogue output{t.after, channels};
  const sliding_axis ys = sliding_rows(t.w, in), xs = sliding_columns(t.w, in);
  for_each_position(t.y, part, [&](long p, const place& at) {
    const range rows = ys.inside(at.y), columns = xs.inside(at.x);
    const float* const image = t.x.image(at.n);
    const auto input = [&](int row, int column) {
      return image + (static_cast<long>(ys.start(at.y) + row * t.w.dilation_y) * in.width + xs.start(at.x) +
                      column * t.w.dilation_x) *
                         t.x.pitch;
    };
    write_row(output, p, 0, channels, t.y.at(p), [&](auto d, long c) {
      const hn::RebindToSigned<decltype(d)> di;
      const bool any = rows.first < rows.last && columns.first < columns.last;
      const int first = any ? rows.first * t.w.width + columns.first : 0;
      auto best = any ? hn::LoadU(d, input(rows.first, columns.first) + c)
                      : hn::Set(d, -std::numeric_limits<float>::infinity());
      auto winner = hn::Set(di, first);
      for (int row = rows.first; row < rows.last; ++row)
        for (int column = columns.first; column < columns.last; ++column) {
          const auto value = hn::LoadU(d, input(row, column) + c);
          const auto wins = hn::Or(hn::Gt(value, best), hn::IsNaN(value));
          best = hn::IfThenElse(wins, value, best);
          winner = hn::IfThenElse(hn::RebindMask(di, wins), hn::Set(di, row * t.w.width + column), winner);
        }
      if (t.switches) {
        const hn::Rebind<std::uint16_t, decltype(d)> d16;
        hn::StoreU(hn::DemoteTo(d16, winner), d16, t.switches + p * channels + c);
      }
      return best;
    });
  });
}

void return_to_largest(const max_pool_gradient& t, share part) {
  const shape in = t.dx.extent, out = t.dy.extent;
  const long channels = in.channels;
  const output_epilogue output{t.after, channels};
  const sliding_axis ys = sliding_rows(t.w, in), xs = sliding_columns(t.w, in);
  for_each_position(t.dx, part, [&](long p, const place& at) {
    const range rows = ys.outputs(at.y, out.height), columns = xs.outputs(at.x, out.width);
    write_row(output, p, 0, channels, t.dx.at(p), [&](auto d, long c) {
      const hn::RebindToSigned<decltype(d)> di;
      const hn::Rebind<std::uint16_t, decltype(d)> d16;
      auto sum = hn::Zero(d);
      for (int row = rows.first; row < rows.last; ++row) {
        const int tap_y = ys.tap(row, at.y);
        for (int column = columns.first; column < columns.last; ++column) {
          const int tap_x = xs.tap(column, at.x);
          if (tap_y < 0 || tap_x < 0) continue;
          const long o = (at.n * out.height + row) * out.width + column;
          const auto winner = hn::PromoteTo(di, hn::LoadU(d16, t.switches + o * channels + c));
          const auto won = hn::RebindMask(d, hn::Eq(winner, hn::Set(di, tap_y * t.w.width + tap_x)));
          sum = hn::Add(sum, hn::IfThenElseZero(won, hn::LoadU(d, t.dy.at(o) + c)));
        }
      }
      return sum;
    });
  });
}

void take_mean(const avg_pool& t, share part) {
  const shape in = t.x.extent;
  const output_epilogue output{t.after, t.y.extent.channels};
  for_each_position(t.y, part, [&](long p, const place& at) {
    const range rows = t.w.y.inside(at.y), columns = t.w.x.inside(at.x);
    const float divisor = t.w.divisor(at.y, at.x);
    write_row(output, p, 0, t.y.extent.channels, t.y.at(p), [&](auto d, long c) {
      auto sum = hn::Zero(d);
      for (int row = rows.first; row < rows.last; ++row)
        for (int column = columns.first; column < columns.last; ++column) {
          const long i = (at.n * in.height + t.w.y.input(at.y, row)) * in.width + t.w.x.input(at.x, column);
          sum = hn::Add(sum, hn::LoadU(d, t.x.at(i) + c));
        }
      return divisor > 0 ? hn::Div(sum, hn::Set(d, divisor)) : sum;
    });
  });
}

void spread_mean(const avg_pool_gradient& t, share part) {
  const shape in = t.dx.extent, out = t.dy.extent;
  const output_epilogue output{t.after, in.channels};
  for_each_position(t.dx, part, [&](long p, const place& at) {
    const range rows = t.w.y.reading(at.y), columns = t.w.x.reading(at.x);
    write_row(output, p, 0, in.channels, t.dx.at(p), [&](auto d, long c) {
      auto sum = hn::Zero(d);
      for (int row = rows.first; row < rows.last; ++row)
        for (int column = columns.first; column < columns.last; ++column) {
          if (!t.w.y.reads(row, at.y) || !t.w.x.reads(column, at.x)) continue;
          const long o = (at.n * out.height + row) * out.width + column;
          sum = hn::Add(sum, hn::Div(hn::LoadU(d, t.dy.at(o) + c), hn::Set(d, t.w.divisor(row, column))));
        }
      return sum;
    });
  });
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(take_largest);
HWY_EXPORT(return_to_largest);
HWY_EXPORT(take_mean);
HWY_EXPORT(spread_mean);
void max_pool::operator()(share s) const { HWY_DYNAMIC_DISPATCH(take_largest)(*this, s); }
void max_pool_gradient::operator()(share s) const { HWY_DYNAMIC_DISPATCH(return_to_largest)(*this, s); }
void avg_pool::operator()(share s) const { HWY_DYNAMIC_DISPATCH(take_mean)(*this, s); }
void avg_pool_gradient::operator()(share s) const { HWY_DYNAMIC_DISPATCH(spread_mean)(*this, s); }

}  // namespace salient::kernel::direct
#endif
