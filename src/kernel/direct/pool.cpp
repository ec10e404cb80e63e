// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/pool.cpp"
#include <cstddef>
#include <limits>

#include <hwy/foreach_target.h>

#include "device/thread_memory.hpp"
#include "kernel/direct/epilogue.hpp"
#include "kernel/sliding.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// What f says of each position of an axis. Tables, because divisions take longer than all else that a small
/// pool does.
template <class T, class F>
T* tabulate(T* table, int count, const F& f) {
  for (int i = 0; i < count; ++i) table[i] = f(i);
  return table;
}

/// Calls body(position, place, rows(y), columns(x)) for one share of a view's positions. Each thread calls
/// `rows` once for a row. `table` has room for a range for each column.
template <class Rows, class Columns, class F>
HWY_INLINE void for_each_position(const view<float>& y, share part, range* table, const Rows& rows,
                                  const Columns& columns, const F& body) {
  const long last = part.last(y.positions());
  long p = part.first(y.positions());
  if (p == last) return;
  tabulate(table, y.extent.width, columns);
  range within{};
  int row = -1;
  for (place at(p, y.extent); p < last; ++p, at.advance(y.extent)) {
    if (at.y != row) within = rows(row = at.y);
    body(p, at, within, table[at.x]);
  }
}

std::size_t table_bytes(const view<float>& y) {
  return static_cast<std::size_t>(y.extent.width) * sizeof(range);
}

void take_largest(const max_pool& t, share part) {
  const shape in = t.x.extent;
  const long channels = t.y.extent.channels;
  const output_epilogue output{t.after, channels};
  const sliding_axis ys = sliding_rows(t.w, in), xs = sliding_columns(t.w, in);
  const auto body = [&](long p, const place& at, range rows, range columns) {
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
  };
  const thread_block memory(table_bytes(t.y));
  for_each_position(
      t.y, part, static_cast<range*>(memory.data()), [&](int y) { return ys.inside(y); },
      [&](int x) { return xs.inside(x); }, body);
}

void return_to_largest(const max_pool_gradient& t, share part) {
  const shape in = t.dx.extent, out = t.dy.extent;
  const long channels = in.channels;
  const output_epilogue output{t.after, channels};
  const sliding_axis ys = sliding_rows(t.w, in), xs = sliding_columns(t.w, in);
  const auto body = [&](long p, const place& at, range rows, range columns) {
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
  };
  const thread_block memory(table_bytes(t.dx));
  for_each_position(
      t.dx, part, static_cast<range*>(memory.data()), [&](int y) { return ys.outputs(y, out.height); },
      [&](int x) { return xs.outputs(x, out.width); }, body);
}

void take_mean(const avg_pool& t, share part) {
  const shape in = t.x.extent;
  const output_epilogue output{t.after, t.y.extent.channels};
  const auto body = [&](long p, const place& at, range rows, range columns) {
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
  };
  const thread_block memory(table_bytes(t.y));
  for_each_position(
      t.y, part, static_cast<range*>(memory.data()), [&](int y) { return t.w.y.inside(y); },
      [&](int x) { return t.w.x.inside(x); }, body);
}

void spread_mean(const avg_pool_gradient& t, share part) {
  const shape in = t.dx.extent, out = t.dy.extent;
  const output_epilogue output{t.after, in.channels};
  const thread_block memory(table_bytes(t.dx) +
                            static_cast<std::size_t>(out.height + out.width) * sizeof(int));
  auto* const table = static_cast<range*>(memory.data());
  int* const divisors = reinterpret_cast<int*>(table + in.width);
  const int *const height = tabulate(divisors, out.height, [&](int y) { return t.w.y.divisor(y); }),
                   *const width =
                       tabulate(divisors + out.height, out.width, [&](int x) { return t.w.x.divisor(x); });
  const auto body = [&](long p, const place& at, range rows, range columns) {
    write_row(output, p, 0, in.channels, t.dx.at(p), [&](auto d, long c) {
      auto sum = hn::Zero(d);
      for (int row = rows.first; row < rows.last; ++row)
        for (int column = columns.first; column < columns.last; ++column) {
          if (!t.w.y.reads(row, at.y) || !t.w.x.reads(column, at.x)) continue;
          const long o = (at.n * out.height + row) * out.width + column;
          const auto divisor = static_cast<float>(static_cast<long>(height[row]) * width[column]);
          sum = hn::Add(sum, hn::Div(hn::LoadU(d, t.dy.at(o) + c), hn::Set(d, divisor)));
        }
      return sum;
    });
  };
  for_each_position(
      t.dx, part, table, [&](int y) { return t.w.y.reading(y); }, [&](int x) { return t.w.x.reading(x); },
      body);
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
