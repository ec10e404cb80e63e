// SPDX-License-Identifier: MIT
#pragma once

// The epilogue of salient/kernel/epilogue.hpp for scalars, on any device.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "kernel/portable.hpp"
#include "kernel/several.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

namespace scalar {

#define SALIENT_FUNCTION SALIENT_HD inline

SALIENT_FUNCTION bool both(bool p, bool q) { return p && q; }
template <class T>
SALIENT_FUNCTION T select(bool condition, T yes, T no) {
  return condition ? yes : no;
}
template <class T>
SALIENT_FUNCTION T multiply_add(T a, T b, T c) {
  return a * b + c;
}
template <class T>
SALIENT_FUNCTION T magnitude(T v) {
  return std::fabs(v);
}
template <class T>
SALIENT_FUNCTION T exponential(T v) {
  return std::exp(v);
}
template <class T>
SALIENT_FUNCTION T exponential_minus_1(T v) {
  return std::expm1(v);
}
template <class T>
SALIENT_FUNCTION T logarithm_1_plus(T v) {
  return std::log1p(v);
}
template <class T>
SALIENT_FUNCTION T hyperbolic_tangent(T v) {
  return std::tanh(v);
}
template <class T>
SALIENT_FUNCTION T error_function(T v) {
  return std::erf(v);
}

#include "kernel/functions.hpp"

#undef SALIENT_FUNCTION

}  // namespace scalar

/// True if y cannot hold partial sums because the epilogue still reads its old values.
template <class T>
bool reads_output(const epilogue<T>& e, const view<T>& y) {
  return e.addend.data == y.data || e.outer_addend.data == y.data;
}

/// The final values of results of neighbouring channels, c to c + N - 1; `open` receives their mask bits,
/// from bit 0 on.
template <int N, class T>
SALIENT_HD several<T, N> finished(const epilogue<T>& e, int channels, long position, int c, several<T, N> v,
                                  unsigned& open) {
  const long at = position * channels + c;
  if (e.scale) {
    const auto scale = load<N>(e.scale + c);
    const auto shift = e.shift ? load<N>(e.shift + c) : several<T, N>{};
    for (int j = 0; j < N; ++j) v[j] = scale[j] * v[j] + shift[j];
  }
  if (e.addend) {
    const auto addend = load<N>(e.addend.at(position) + c);
    for (int j = 0; j < N; ++j) v[j] += addend[j];
  }

  const activation<T>& a = e.activate;
  if (a.f != function::none) {
    const auto slopes = a.slopes ? load<N>(a.slopes + c) : several<T, N>{};
    if (records_mask(a.f)) {
      for (int j = 0; j < N; ++j) {
        const auto r = scalar::piecewise(a.f, v[j], scalar::function_parameters<T>{a.a, a.b, slopes[j]});
        v[j] = r.value;
        open |= static_cast<unsigned>(r.open) << j;
      }
    } else {
      several<T, N> derivative;
      for (int j = 0; j < N; ++j) {
        const auto r = scalar::smooth(a.f, v[j], scalar::function_parameters<T>{a.a, a.b, slopes[j]});
        v[j] = r.value;
        derivative[j] = r.derivative;
      }
      if (a.derivative) store(a.derivative + at, derivative);
    }
  }

  const gate<T>& g = e.through;
  if (g.positive_only)
    for (int j = 0; j < N; ++j) v[j] = scalar::at_least(T(0), v[j]);
  if (g.mask) {
    const unsigned bits = static_cast<unsigned>(g.mask[position * mask_pitch(channels) + c / 8]) >> c % 8;
    const auto slopes = g.slopes ? load<N>(g.slopes + c) : several<T, N>{};
    for (int j = 0; j < N; ++j) {
      if (bits >> j & 1)
        v[j] *= g.open;
      else if (g.slopes)
        v[j] *= slopes[j];
      else
        v[j] = g.closed == T(0) ? T(0) : v[j] * g.closed;  // also 0 for an infinite v
    }
  } else if (g.derivative) {
    const auto derivative = load<N>(g.derivative + at);
    for (int j = 0; j < N; ++j) v[j] *= derivative[j];
  }
  if (e.outer_scale) {
    const auto scale = load<N>(e.outer_scale + c);
    for (int j = 0; j < N; ++j) v[j] *= scale[j];
  }
  if (e.outer_addend) {
    const auto addend = load<N>(e.outer_addend.at(position) + c);
    for (int j = 0; j < N; ++j) v[j] += addend[j];
  }
  return v;
}

/// The final value of one result; `open` receives its mask bit.
template <class T>
SALIENT_HD T finished(const epilogue<T>& e, int channels, long position, int c, T v, bool& open) {
  unsigned bits = 0;
  v = finished(e, channels, position, c, several<T, 1>{{v}}, bits)[0];
  open = bits != 0;
  return v;
}

/// A range of an output's channels.
struct channel_range {
  int first, count;
  SALIENT_HD int last() const { return first + count; }
};

/// Writes results through an epilogue, and the mask byte by byte.
template <class T>
struct result_writer {
  epilogue<T> e;
  view<T> y;
  channel_range range;  ///< of the channels that are written

  SALIENT_HD bool records() const { return e.activate.mask != nullptr; }

  /// Writes results c to c + N - 1 and returns their bits, each at its place in the mask's byte.
  template <int N>
  SALIENT_HD unsigned write(long position, int c, const several<T, N>& v) const {
    unsigned open = 0;
    store(y.at(position) + c, finished(e, y.extent.channels, position, c, v, open));
    return open << c % 8;
  }

  /// Keeps the bits of the range's channels in [8 eight, 8 eight + 8). Only one thread at a time may write to
  /// a byte of the mask.
  SALIENT_HD void keep(long position, int eight, unsigned bits) const {
    const int first = range.first > 8 * eight ? range.first - 8 * eight : 0;
    const int last = range.last() < 8 * eight + 8 ? range.last() - 8 * eight : 8;
    const unsigned written = (1U << last) - (1U << first);
    std::uint8_t& byte = e.activate.mask[position * mask_pitch(y.extent.channels) + eight];
    byte = static_cast<std::uint8_t>(written == 0xFF ? bits : (byte & ~written) | bits);
  }
};

/// Whether a functor also computes several results at once: results<N>(position, channel), if its inputs are
/// `aligned`.
template <class F, class = void>
inline constexpr bool computes_several = false;
template <class F>
inline constexpr bool computes_several<F, std::void_t<decltype(&F::template results<4>)>> = true;

template <int N, class T, class F>
SALIENT_HD several<T, N> results_of(const F& value, long position, int c) {
  if constexpr (computes_several<F>)
    return value.template results<N>(position, c);
  else
    return {{value(position, c)}};
}

/// Writes value(position, channel) for the range's channels in [8 eight, 8 eight + 8).
template <class T, class F>
SALIENT_HD void write_eight(const result_writer<T>& to, long position, int eight, const F& value) {
  const int first = to.range.first > 8 * eight ? to.range.first : 8 * eight;
  const int last = to.range.last() < 8 * eight + 8 ? to.range.last() : 8 * eight + 8;
  unsigned bits = 0;
  for (int c = first; c < last; ++c) bits |= to.write(position, c, results_of<1, T>(value, position, c));
  if (to.records()) to.keep(position, eight, bits);
}

/// The same work for a GPU, cut into items of N channels: neighbouring items are neighbouring channels, and
/// where there is a mask, 8 / N items from a multiple of that on have the channels of a byte.
template <int N, class T, class F>
struct result_items {
  static constexpr int together = N;
  result_writer<T> to;
  long first;      ///< position
  int from;        ///< channel
  divider each{};  ///< by the items of a position
  F value;

  result_items(const result_writer<T>& writer, long position, const F& f)
      : to(writer),
        first(position),
        from(writer.records() ? writer.range.first / 8 * 8 : writer.range.first),
        each(writer.records() ? ((writer.range.last() + 7) / 8 * 8 - from) / N
                              : (writer.range.count + N - 1) / N),
        value(f) {}

  SALIENT_HD bool records() const { return to.records(); }

  /// Writes an item's results and returns their bits.
  SALIENT_HD unsigned write(unsigned item) const {
    const unsigned row = each(item);
    const int c = channel(item, row);
    if (c < to.range.first || c >= to.range.last()) return 0;
    const long position = first + row;
    return to.write(position, c, results_of<N, T>(value, position, c));
  }
  /// Keeps the bits of the byte that the item's channels are in.
  SALIENT_HD void keep(unsigned item, unsigned bits) const {
    const unsigned row = each(item);
    const int c = channel(item, row);
    if (c % 8 == 0) to.keep(first + row, c / 8, bits);
  }

 private:
  SALIENT_HD int channel(unsigned item, unsigned row) const {
    return from + N * static_cast<int>(item - row * static_cast<unsigned>(each.by()));
  }
};

/// Whether a thread can write four neighbouring channels at once: all that is read and written for them must
/// lie in whole fours.
template <class T>
bool in_fours(const result_writer<T>& to) {
  const epilogue<T>& e = to.e;
  return to.range.first % 4 == 0 && to.range.count % 4 == 0 && to.y.extent.channels % 4 == 0 &&
         in_fours(e.activate.derivative) && in_fours(to.y) && in_fours(e.addend) &&
         in_fours(e.outer_addend) && in_fours(e.scale) && in_fours(e.shift) && in_fours(e.activate.slopes) &&
         in_fours(e.through.slopes) && in_fours(e.through.derivative) && in_fours(e.outer_scale);
}

/// Some channels of positions [first, last).
struct result_range {
  long first, last;
  channel_range channels;
};

/// Items of one launch are counted in 31 bits.
template <int N, class D, class T, class F>
void write_items(const D& d, const result_writer<T>& to, long first, long last, const F& value) {
  constexpr long most = 1L << 30;
  const long at_once = most / result_items<N, T, F>(to, first, value).each.by();
  for (; first < last; first += at_once) {
    const result_items<N, T, F> items(to, first, value);
    call_in_eights(d, static_cast<unsigned>(std::min(last - first, at_once) * items.each.by()), items);
  }
}

/// Writes epilogue(value(position, channel)) for a part of y. `value` costs `cost` elementary operations and
/// is called once for each element.
template <class D, class T, class F>
void write_results(const D& d, const view<T>& y, const epilogue<T>& e, const result_range& part, double cost,
                   const F& value) {
  const result_writer<T> to{e, y, part.channels};
  const long first = part.first;
  if constexpr (has_threads<D>) {
    if constexpr (computes_several<F>)
      if (in_fours(to) && value.in_fours()) return write_items<4>(d, to, first, part.last, value);
    return write_items<1>(d, to, first, part.last, value);
  } else {
    const int from = to.range.first / 8, eights = (to.range.last() + 7) / 8 - from;
    for_each(d, (part.last - first) * eights, 8 * (cost + 1), [=] SALIENT_HD(long i) {
      write_eight(to, first + i / eights, from + static_cast<int>(i % eights), value);
    });
  }
}

/// The same for all of y.
template <class D, class T, class F>
void write_results(const D& d, const view<T>& y, const epilogue<T>& e, double cost, const F& value) {
  write_results(d, y, e, {0, y.positions(), {0, y.extent.channels}}, cost, value);
}

}  // namespace salient::kernel
