// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/pool.cpp"
#include <algorithm>
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

/// One share of a view: positions [first, last) and channels [from, to). Where there are few positions, as
/// behind a global pool, threads divide the channels, in whole bytes of a mask.
struct part_of_view {
  long first, last, from, to;

  part_of_view(const view<float>& y, share part) {
    const long channels = y.extent.channels, units = (channels + 15) / 16;
    const bool by_positions = y.positions() >= 8 * part.parts;
    const share all, positions = by_positions ? part : all, columns = by_positions ? all : part;
    first = positions.first(y.positions());
    last = positions.last(y.positions());
    from = columns.first(units) * 16;
    to = std::min(columns.last(units) * 16, channels);
  }
  bool empty() const { return first >= last || from >= to; }
};

/// Calls body(position, place, rows(y), columns(x)) for some positions of a view. Each thread calls `rows`
/// once for a row. `table` has room for a range for each column.
template <class Rows, class Columns, class F>
HWY_INLINE void for_each_position(const view<float>& y, const part_of_view& part, range* table,
                                  const Rows& rows, const Columns& columns, const F& body) {
  if (part.empty()) return;
  tabulate(table, y.extent.width, columns);
  range within{};
  int row = -1;
  long p = part.first;
  for (place at(p, y.extent); p < part.last; ++p, at.advance(y.extent)) {
    if (at.y != row) within = rows(row = at.y);
    body(p, at, within, table[at.x]);
  }
}

std::size_t table_bytes(const view<float>& y) {
  return static_cast<std::size_t>(y.extent.width) * sizeof(range);
}

/// The taps of windows that are cut off alike: where their inputs lie from the first one's on, and their
/// numbers in the window.
class taps {
 public:
  taps(const window& w, shape in, long pitch, void* memory)
      : w_(w), row_(static_cast<long>(w.dilation_y) * in.width * pitch), column_(w.dilation_x * pitch) {
    offsets_ = static_cast<long*>(memory);
    numbers_ = reinterpret_cast<int*>(offsets_ + w.area());
  }
  static std::size_t bytes(const window& w) {
    return static_cast<std::size_t>(w.area()) * (sizeof(long) + sizeof(int));
  }

  void set(range rows, range columns) {
    if (same(rows, rows_) && same(columns, columns_)) return;
    rows_ = rows;
    columns_ = columns;
    count_ = 0;
    for (int row = rows.first; row < rows.last; ++row)
      for (int column = columns.first; column < columns.last; ++column) {
        offsets_[count_] = (row - rows.first) * row_ + (column - columns.first) * column_;
        numbers_[count_++] = row * w_.width + column;
      }
  }

  int count() const { return count_; }
  long offset(int i) const { return offsets_[i]; }
  int number(int i) const { return numbers_[i]; }

 private:
  static bool same(range a, range b) { return a.first == b.first && a.last == b.last; }

  const window& w_;
  long row_, column_;
  range rows_{-1, -1}, columns_{-1, -1};
  long* offsets_;
  int* numbers_;
  int count_ = 0;
};

/// The largest of a vector of channels' inputs, and the first tap that has it. NaN is larger than all
/// numbers.
template <bool Recorded, class D>
HWY_INLINE hn::Vec<D> largest_of(D d, const taps& t, const float* from, std::uint16_t* switches) {
  const hn::RebindToSigned<D> di;
  const int count = t.count();
  auto best = count > 0 ? hn::LoadU(d, from) : hn::Set(d, -std::numeric_limits<float>::infinity());
  if constexpr (Recorded) {
    auto winner = hn::Set(di, count > 0 ? t.number(0) : 0);
    for (int i = 1; i < count; ++i) {
      const auto value = hn::LoadU(d, from + t.offset(i));
      const auto wins = hn::Or(hn::Gt(value, best), hn::IsNaN(value));
      best = hn::IfThenElse(wins, value, best);
      winner = hn::IfThenElse(hn::RebindMask(di, wins), hn::Set(di, t.number(i)), winner);
    }
    const hn::Rebind<std::uint16_t, D> d16;
    hn::StoreU(hn::DemoteTo(d16, winner), d16, switches);
  } else {
    auto nan = hn::IsNaN(best);  // what Max makes of one is not specified
    for (int i = 1; i < count; ++i) {
      const auto value = hn::LoadU(d, from + t.offset(i));
      nan = hn::Or(nan, hn::IsNaN(value));
      best = hn::Max(value, best);
    }
    best = hn::IfThenElse(nan, hn::Set(d, std::numeric_limits<float>::quiet_NaN()), best);
  }
  return best;
}

void take_largest(const max_pool& t, share part) {
  const shape in = t.x.extent;
  const long channels = t.y.extent.channels;
  const output_epilogue output{t.after, channels};
  const sliding_axis ys = sliding_rows(t.w, in), xs = sliding_columns(t.w, in);
  static_assert(sizeof(range) % alignof(long) == 0);
  const thread_block memory(table_bytes(t.y) + taps::bytes(t.w));
  auto* const table = static_cast<range*>(memory.data());
  taps window(t.w, in, t.x.pitch, table + t.y.extent.width);
  const part_of_view own(t.y, part);
  const auto body = [&](long p, const place& at, range rows, range columns) {
    window.set(rows, columns);
    const long line = at.n * in.height + ys.start(at.y) + rows.first * t.w.dilation_y;
    const float* const from = t.x.at(line * in.width + xs.start(at.x) + columns.first * t.w.dilation_x);
    const auto write = [&](const auto& value) {
      write_row(output, p, own.from, own.to, t.y.at(p) + own.from, value);
    };
    if (t.switches)
      write([&](auto d, long c) {
        return largest_of<true>(d, window, from + c, t.switches + p * channels + c);
      });
    else
      write([&](auto d, long c) { return largest_of<false>(d, window, from + c, nullptr); });
  };
  for_each_position(
      t.y, own, table, [&](int y) { return ys.inside(y); }, [&](int x) { return xs.inside(x); }, body);
}

void return_to_largest(const max_pool_gradient& t, share part) {
  const shape in = t.dx.extent, out = t.dy.extent;
  const long channels = in.channels;
  const output_epilogue output{t.after, channels};
  const sliding_axis ys = sliding_rows(t.w, in), xs = sliding_columns(t.w, in);
  const part_of_view own(t.dx, part);
  const auto body = [&](long p, const place& at, range rows, range columns) {
    write_row(output, p, own.from, own.to, t.dx.at(p) + own.from, [&](auto d, long c) {
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
      t.dx, own, static_cast<range*>(memory.data()), [&](int y) { return ys.outputs(y, out.height); },
      [&](int x) { return xs.outputs(x, out.width); }, body);
}

void take_mean(const avg_pool& t, share part) {
  const shape in = t.x.extent;
  const output_epilogue output{t.after, t.y.extent.channels};
  const part_of_view own(t.y, part);
  const auto body = [&](long p, const place& at, range rows, range columns) {
    const float divisor = t.w.divisor(at.y, at.x);
    const long step = (t.w.x.input(at.x, 1) - t.w.x.input(at.x, 0)) * t.x.pitch;
    constexpr long together = 4;  // vectors whose sums do not wait for each other
    const bool straight = t.after.empty();
    HWY_ALIGN float room[together * lanes];
    const auto sum = [&]<int V>(auto d, long c) {
      constexpr auto length = static_cast<long>(hn::MaxLanes(d));
      hn::Vec<decltype(d)> sums[V];
      float* const values = straight ? t.y.at(p) + c : room;
      HWY_UNROLL(4)
      for (int v = 0; v < V; ++v) sums[v] = hn::Zero(d);
      for (int row = rows.first; row < rows.last; ++row) {
        const long line = (at.n * in.height + t.w.y.input(at.y, row)) * in.width;
        const float* from = t.x.at(line + t.w.x.input(at.x, columns.first)) + c;
        for (int column = columns.first; column < columns.last; ++column, from += step) HWY_UNROLL(4)
        for (int v = 0; v < V; ++v) sums[v] = hn::Add(sums[v], hn::LoadU(d, from + v * length));
      }
      HWY_UNROLL(4)
      for (int v = 0; v < V; ++v)
        hn::StoreU(divisor > 0 ? hn::Div(sums[v], hn::Set(d, divisor)) : sums[v], d, values + v * length);
      if (!straight) finish_values(output, p, c, c + V * length, values, t.y.at(p) + c);
      return V * length;
    };
    for (long c = own.from; c < own.to;)
      c += own.to - c >= together * lanes ? sum.template operator()<together>(vector_tag(), c)
           : own.to - c >= lanes          ? sum.template operator()<1>(vector_tag(), c)
                                          : sum.template operator()<1>(single_tag(), c);
  };
  const thread_block memory(table_bytes(t.y));
  for_each_position(
      t.y, own, static_cast<range*>(memory.data()), [&](int y) { return t.w.y.inside(y); },
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
  const part_of_view own(t.dx, part);
  const auto body = [&](long p, const place& at, range rows, range columns) {
    write_row(output, p, own.from, own.to, t.dx.at(p) + own.from, [&](auto d, long c) {
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
      t.dx, own, table, [&](int y) { return t.w.y.reading(y); }, [&](int x) { return t.w.x.reading(x); },
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
