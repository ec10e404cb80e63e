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

/// Writes y: row(position, channels, write) must call write(c, v) for those channels in order. Rows that are
/// not written as a whole are split into pieces of `unit` channels, a multiple of 8.
template <class D, class T, class F>
void write_rows(const D& d, const view<T>& y, const epilogue<T>& e, double cost, int unit, const F& row) {
  const int channels = y.extent.channels;
  if constexpr (has_direct<D, T>)
    if (d.kernels() == implementation::direct)
      return share_out(d, elementwise(y.elements()) + cost * static_cast<double>(y.elements()), [&](share s) {
        const thread_block memory(static_cast<std::size_t>(channels) * sizeof(T));
        T* const values = static_cast<T*>(memory.data());
        for (long p = s.first(y.positions()); p < s.last(y.positions()); ++p) {
          row_writer<T> write{values};
          row(p, channel_range{0, channels}, write);
          direct::finish_row{values, e, y, p}();
        }
      });
  const int pieces = (channels + unit - 1) / unit;
  for_each(d, y.positions() * pieces, cost * unit, [=] SALIENT_HD(long i) {
    const int first = static_cast<int>(i % pieces) * unit;
    finishing_writer<T> write{e, y, i / pieces};
    row(i / pieces, channel_range{first, first + unit < channels ? unit : channels - first}, write);
  });
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

/// Calls store(c, sum) for each channel: the sum of term(position, c) over all positions, in
/// order, in double.
template <class D, class F, class G>
void sum_positions(const D& d, long positions, int channels, const F& term, const G& store) {
  constexpr int side_by_side = channels_at_once<D>;
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

}  // namespace salient::kernel
