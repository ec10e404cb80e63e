// SPDX-License-Identifier: MIT
#pragma once

// The epilogue of salient/kernel/epilogue.hpp for scalars, on any device.

#include <cmath>

#include "kernel/portable.hpp"
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

/// The final value of one result; `open` receives its mask bit.
template <class T>
SALIENT_HD T finished(const epilogue<T>& e, int channels, long position, int c, T v, bool& open) {
  const long at = position * channels + c;
  if (e.scale) v = e.scale[c] * v + (e.shift ? e.shift[c] : T(0));
  if (e.addend) v += e.addend.at(position)[c];

  const activation<T>& a = e.activate;
  if (a.f != function::none) {
    const scalar::function_parameters<T> p{a.a, a.b, a.slopes ? a.slopes[c] : T(0)};
    if (records_mask(a.f)) {
      const auto r = scalar::piecewise(a.f, v, p);
      v = r.value;
      open = r.open;
    } else {
      const auto r = scalar::smooth(a.f, v, p);
      v = r.value;
      if (a.derivative) a.derivative[at] = r.derivative;
    }
  }

  const gate<T>& g = e.through;
  if (g.positive_only) v = scalar::at_least(T(0), v);
  if (g.mask) {
    const bool passes = g.mask[position * mask_pitch(channels) + c / 8] >> c % 8 & 1;
    if (passes)
      v *= g.open;
    else if (g.slopes)
      v *= g.slopes[c];
    else
      v = g.closed == T(0) ? T(0) : v * g.closed;  // also 0 for an infinite v
  } else if (g.derivative) {
    v *= g.derivative[at];
  }
  if (e.outer_scale) v *= e.outer_scale[c];
  if (e.outer_addend) v += e.outer_addend.at(position)[c];
  return v;
}

/// A range of an output's channels.
struct channel_range {
  int first, count;
  SALIENT_HD int last() const { return first + count; }
};

/// Writes value(position, channel) for the channels of `range` in [8 eight, 8 eight + 8). Only one thread at
/// a time may write to a byte of the mask.
template <class T, class F>
SALIENT_HD void write_eight(const epilogue<T>& e, const view<T>& y, long position, int eight,
                            const channel_range& range, const F& value) {
  const int channels = y.extent.channels;
  const int first = range.first > 8 * eight ? range.first : 8 * eight;
  const int last = range.last() < 8 * eight + 8 ? range.last() : 8 * eight + 8;
  T* const row = y.at(position);
  unsigned bits = 0, written = 0;
  for (int c = first; c < last; ++c) {
    bool open = false;
    row[c] = finished(e, channels, position, c, value(position, c), open);
    bits |= static_cast<unsigned>(open) << c % 8;
    written |= 1U << c % 8;
  }
  if (!e.activate.mask) return;
  std::uint8_t& byte = e.activate.mask[position * mask_pitch(channels) + eight];
  byte = static_cast<std::uint8_t>(written == 0xFF ? bits : (byte & ~written) | bits);
}

/// Some channels of positions [first, last).
struct result_range {
  long first, last;
  channel_range channels;
};

/// Writes epilogue(value(position, channel)) for a part of y. `value` costs `cost` elementary operations and
/// is called once for each element.
template <class D, class T, class F>
void write_results(const D& d, const view<T>& y, const epilogue<T>& e, const result_range& part, double cost,
                   const F& value) {
  const channel_range range = part.channels;
  const long first = part.first;
  const int from = range.first / 8, eights = (range.last() + 7) / 8 - from;
  for_each(d, (part.last - first) * eights, 8 * (cost + 1), [=] SALIENT_HD(long i) {
    write_eight(e, y, first + i / eights, from + static_cast<int>(i % eights), range, value);
  });
}

/// The same for all of y.
template <class D, class T, class F>
void write_results(const D& d, const view<T>& y, const epilogue<T>& e, double cost, const F& value) {
  write_results(d, y, e, {0, y.positions(), {0, y.extent.channels}}, cost, value);
}

}  // namespace salient::kernel
