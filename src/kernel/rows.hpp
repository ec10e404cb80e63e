// SPDX-License-Identifier: MIT
#pragma once

// Kernels that compute an output row by row, or sums over all rows for each channel.

#include "device/thread_memory.hpp"
#include "kernel/direct/direct.hpp"
#include "kernel/epilogue.hpp"

namespace salient::kernel {

/// Receives the results of a position in channel order and writes them through the epilogue.
template <class T>
struct finishing_writer {
  const epilogue<T>& e;
  const view<T>& y;
  long position;
  unsigned bits = 0;

  SALIENT_HD void operator()(int c, T v) {
    bool open = false;
    const int channels = y.extent.channels;
    y.at(position)[c] = finished(e, channels, position, c, v, open);
    bits |= static_cast<unsigned>(open) << c % 8;
    if (c % 8 != 7 && c + 1 != channels) return;
    if (e.activate.mask)
      e.activate.mask[position * mask_pitch(channels) + c / 8] = static_cast<std::uint8_t>(bits);
    bits = 0;
  }
};

/// Writes the results to a row of memory, without an epilogue.
template <class T>
struct row_writer {
  T* row;
  SALIENT_HD void operator()(int c, T v) { row[c] = v; }
};

/// One result of a row, as write_results takes it.
template <class T, class F>
struct result_of_row {
  F row;

  struct keeper {
    T& v;
    SALIENT_HD void operator()(int, T result) const { v = result; }
  };
  SALIENT_HD T operator()(long position, int c) const {
    T v = 0;
    keeper keep{v};
    row(position, channel_range{c, 1}, keep);
    return v;
  }
};

/// Writes y: row(position, channels, write) must call write(c, v) for those channels in order. Rows are
/// split into pieces of `unit` channels, a multiple of 8, on a GPU into single channels.
template <class D, class T, class F>
void write_rows(const D& d, const view<T>& y, const epilogue<T>& e, double cost, int unit, const F& row) {
  const int channels = y.extent.channels;
  if constexpr (has_direct<D, T>)
    if (d.kernels() != implementation::eigen)
      return share_out(d, elementwise(y.elements()) + cost * static_cast<double>(y.elements()), [&](share s) {
        const thread_block memory(static_cast<std::size_t>(channels) * sizeof(T));
        T* const values = static_cast<T*>(memory.data());
        for (long p = s.first(y.positions()); p < s.last(y.positions()); ++p) {
          row_writer<T> write{values};
          row(p, channel_range{0, channels}, write);
          direct::finish_row{values, e, y, p}();
        }
      });
  if constexpr (has_threads<D>) {
    write_results(d, y, e, cost, result_of_row<T, F>{row});
  } else {
    const int pieces = (channels + unit - 1) / unit;
    for_each(d, y.positions() * pieces, cost * unit, [=] SALIENT_HD(long i) {
      const int first = static_cast<int>(i % pieces) * unit;
      finishing_writer<T> write{e, y, i / pieces};
      row(i / pieces, channel_range{first, first + unit < channels ? unit : channels - first}, write);
    });
  }
}

/// term(0) + ... + term(count - 1), with 16 interleaved accumulators.
template <class T, class F>
SALIENT_HD T sum_of(int count, const F& term) {
  constexpr int side_by_side = 16;
  T sums[side_by_side] = {};
  int i = 0;
  for (; i + side_by_side <= count; i += side_by_side)
    for (int j = 0; j < side_by_side; ++j) sums[j] += term(i + j);
  for (int j = 0; i < count; ++i, ++j) sums[j] += term(i);
  for (int width = side_by_side / 2; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) sums[j] += sums[j + width];
  return sums[0];
}

/// One thread in the place of a GPU's team.
struct one_thread {
  static constexpr bool alone = true;

  int lane() const { return 0; }
  int lanes() const { return 1; }
  template <class T>
  T sum(T v) const {
    return v;
  }
  template <class T>
  T largest(T v) const {
    return v;
  }
  template <class T>
  T smallest(T v) const {
    return v;
  }
  template <class T, class F>
  T sum_of(int count, const F& term) const {
    return kernel::sum_of<T>(count, term);
  }
  /// What `lower` must get below, as far as a thread may read it.
  template <class T>
  T bound(const T* to) const {
    return *to;
  }
  template <class T>
  void lower(T* to, T v) const {
    *to = v;
  }
};

/// Calls item(team, row) for every row of `width` numbers: for all threads of a team on a GPU, once
/// elsewhere.
template <class D, class F>
void for_each_row(const D& d, long rows, int width, double cost, const F& item) {
  if constexpr (has_threads<D>)
    for_each_team(d, rows, lanes_of_row(width), item);
  else
    for_each(d, rows, cost, [=](long row) { item(one_thread{}, row); });
}

/// Some positions of an image.
struct position_range {
  long first, last;

  /// Calls item(position, c, step) for a lane's channels of each position, c, c + step ...: neighbouring
  /// lanes have neighbouring channels.
  template <class Team, class F>
  SALIENT_HD void for_each(const Team& team, int channels, const F& item) const {
    int across = 1;
    while (across < channels && across < team.lanes()) across *= 2;
    for (long p = first + team.lane() / across; p < last; p += team.lanes() / across)
      item(p, team.lane() % across, across);
  }
};

/// An image cut into `parts`, as rows for teams.
template <class F>
struct part_of_image {
  F item;
  long positions, parts;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long row) const {
    const long n = row / parts, part = row % parts, first = n * positions;
    item(team, n, position_range{first + positions * part / parts, first + positions * (part + 1) / parts});
  }
};

/// Calls item(team, n, positions) for every image n: with all its positions, or on a GPU with parts for
/// several teams.
template <class D, class F>
void for_each_part(const D& d, long batch, shape s, double cost, const F& item) {
  constexpr long worth_a_team = 8192, most = 256;
  const long parts = std::clamp(std::min(s.elements() / worth_a_team, s.positions()), 1L, most);
  if constexpr (has_threads<D>)
    for_each_team(d, batch * parts, 256, part_of_image<F>{item, s.positions(), parts});
  else
    for_each(d, batch, cost * static_cast<double>(s.elements()),
             [=](long n) { part_of_image<F>{item, s.positions(), 1}(one_thread{}, n); });
}

/// A row whose results need sums over all of it.
template <class F>
struct whole_row {
  F row;
  template <class W>
  SALIENT_HD void operator()(long position, channel_range channels, W& write) const {
    const auto sums = row.sums(one_thread{}, position);
    for (int c = 0; c < channels.count; ++c) write(c, row.result(sums, position, c));
  }
};

template <class T, class F>
struct row_of_team {
  result_writer<T> to;
  F row;

  template <class Team>
  SALIENT_HD void operator()(const Team& team, long position) const {
    const auto sums = row.sums(team, position);
    // Also lanes behind the last channel take part in the exchange of bits.
    for (int first = 0; first < to.range.count; first += team.lanes()) {
      const int c = first + team.lane();
      const bool inside = c < to.range.count;
      unsigned bits = 0;
      if (inside) bits = to.write(position, c, several<T, 1>{{row.result(sums, position, c)}});
      if (!to.records()) continue;
      bits = team.byte_of(bits != 0);
      if (inside && c % 8 == 0) to.keep(position, c / 8, bits);
    }
  }
};

/// Writes y: row.result(row.sums(team, position), position, c) for every position and channel.
template <class D, class T, class F>
void write_whole_rows(const D& d, const view<T>& y, const epilogue<T>& e, double cost, const F& row) {
  const int channels = y.extent.channels;
  if constexpr (has_threads<D>)
    for_each_team(d, y.positions(), lanes_of_row(channels), row_of_team<T, F>{{e, y, {0, channels}}, row});
  else
    write_rows(d, y, e, cost, (channels + 7) / 8 * 8, whole_row<F>{row});
}

/// Calls store(c, sum) for each channel, on a GPU; call_with_sums of on_gpu.hpp describes the members.
template <class F, class G>
struct channel_sums {
  using number = double;
  long positions;
  int channels;
  F term;
  G store;

  SALIENT_HD double part(long, int c, int i, int parts) const {
    return part_of_sum<double>(positions, i, parts, [&](long p) { return term(p, c); });
  }
  SALIENT_HD unsigned finish(long, int c, double sum) const {
    store(c, sum);
    return 0;
  }
  SALIENT_HD bool records() const { return false; }
  SALIENT_HD void keep(long, int, unsigned) const {}
};

/// Calls store(c, sum) for each channel: the sum of term(position, c) over all positions in double, in order
/// or in the order of part_of_sum.
template <class D, class F, class G>
void sum_positions(const D& d, long positions, int channels, const F& term, const G& store) {
  if constexpr (has_threads<D>) {
    call_with_sums(d, 1, shape_of_sums(1, channels, positions),
                   channel_sums<F, G>{positions, channels, term, store});
  } else {
    constexpr int side_by_side = 16;
    const long items = (channels + side_by_side - 1) / side_by_side;
    for_each(d, items, static_cast<double>(positions * side_by_side), [=] SALIENT_HD(long i) {
      const int first = static_cast<int>(i) * side_by_side;
      const int count = first + side_by_side < channels ? side_by_side : channels - first;
      double sums[side_by_side] = {};
      for (long p = 0; p < positions; ++p)
        for (int j = 0; j < count; ++j) sums[j] += static_cast<double>(term(p, first + j));
      for (int j = 0; j < count; ++j) store(first + j, sums[j]);
    });
  }
}

/// The sums of write_sums on a GPU.
template <class T, class F>
struct result_sums {
  using number = T;
  result_writer<T> to;
  int channels;
  F value;

  SALIENT_HD T part(long position, int c, int i, int parts) const {
    return value.part(position, c, i, parts);
  }
  SALIENT_HD unsigned finish(long position, int c, T sum) const {
    return to.write(position, c, several<T, 1>{{value.whole(position, sum)}});
  }
  SALIENT_HD bool records() const { return to.records(); }
  SALIENT_HD void keep(long position, int c, unsigned bits) const { to.keep(position, c / 8, bits); }
};

/// Writes y where each result is a sum of about `count` terms: value(position, c), or, where threads share a
/// sum, value.whole(position, sum of value.part(position, c, i, parts)).
template <class D, class T, class F>
void write_sums(const D& d, const view<T>& y, const epilogue<T>& e, long count, const F& value) {
  if constexpr (has_threads<D>)
    if (count >= 16) {
      const int channels = y.extent.channels;
      return call_with_sums(d, y.positions(), shape_of_sums(y.positions(), channels, count),
                            result_sums<T, F>{{e, y, {0, channels}}, channels, value});
    }
  write_results(d, y, e, static_cast<double>(count), value);
}

}  // namespace salient::kernel
