// SPDX-License-Identifier: MIT

// The epilogue of salient/kernel/epilogue.hpp in vectors. Highway includes this once for each
// instruction set.

#if defined(SALIENT_KERNEL_DIRECT_EPILOGUE) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_EPILOGUE
#undef SALIENT_KERNEL_DIRECT_EPILOGUE
#else
#define SALIENT_KERNEL_DIRECT_EPILOGUE
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <hwy/highway.h>

#include "kernel/direct/lanes.hpp"
#include "salient/kernel/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

using vector_tag = hn::ScalableTag<float>;
using vector = hn::Vec<vector_tag>;
using single_tag = hn::CappedTag<float, 1>;
inline constexpr int lanes = HWY_LANES(float);

/// Whether a vector has whole bytes of a mask. Otherwise, with 4 lanes or fewer, it has a part of one byte.
/// This needs c to be a multiple of 8 plus whole vectors.
template <class D>
inline constexpr bool whole_bytes = hn::MaxLanes(D()) % 8 == 0;

/// Loads mask bits [c, c + lanes of D) of a position's row.
template <class D>
HWY_INLINE hn::Mask<D> load_bits(D d, const std::uint8_t* row, long c) {
  constexpr int count = static_cast<int>(hn::MaxLanes(D()));
  const std::uint8_t* const from = row + c / 8;
  std::uint8_t bytes[8] = {};
  if constexpr (whole_bytes<D>) {
    std::memcpy(bytes, from, count / 8);
  } else {
    static_assert(count <= 4);
    bytes[0] = static_cast<std::uint8_t>(from[0] >> c % 8);
  }
  return hn::LoadMaskBits(d, bytes);
}

/// Stores mask bits and keeps the other bits of the byte. Only one thread at a time may write to a byte.
template <class D>
HWY_INLINE void store_bits(D d, hn::Mask<D> mask, std::uint8_t* row, long c) {
  constexpr int count = static_cast<int>(hn::MaxLanes(D()));
  std::uint8_t* const to = row + c / 8;
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(d, mask, bytes);
  if constexpr (whole_bytes<D>) {
    std::memcpy(to, bytes, count / 8);
  } else {
    const int own = ((1 << count) - 1) << c % 8;
    to[0] = static_cast<std::uint8_t>((to[0] & ~own) | (bytes[0] << c % 8 & own));
  }
}

/// An epilogue and the output's channels, which are the row pitch of its arrays.
struct output_epilogue {
  const epilogue<float>& e;
  long channels;

  std::uint8_t* recorded(long position) const { return e.activate.mask + position * mask_pitch(channels); }
  const std::uint8_t* read(long position) const { return e.through.mask + position * mask_pitch(channels); }
};

/// Whether an epilogue runs on sums in registers. Otherwise it runs on rows that have just been
/// stored and are still in the L1 cache: activations of many operations, and gates with two slopes.
inline bool in_registers(const epilogue<float>& e) {
  const function f = e.activate.f;
  const gate<float>& g = e.through;
  return (f == function::none || f == function::relu || f == function::clip) && !g.slopes && g.closed == 0;
}
/// Whether the epilogue has masks. In registers it then needs vectors that begin at a whole byte of them.
inline bool has_masks(const epilogue<float>& e) { return e.activate.mask || e.through.mask; }

/// Calls each(stage) for every active part of an epilogue before its activation, in order.
/// stage(tag, position, channel, v) transforms a vector of results.
template <class Each>
HWY_INLINE void for_each_stage_before(const output_epilogue& o, const Each& each) {
  const epilogue<float>& e = o.e;
  if (e.scale && e.shift)
    each([&](auto d, long, long c, auto v) {
      return hn::MulAdd(hn::LoadU(d, e.scale + c), v, hn::LoadU(d, e.shift + c));
    });
  else if (e.scale)
    each([&](auto d, long, long c, auto v) { return hn::Mul(hn::LoadU(d, e.scale + c), v); });
  if (e.addend)
    each([&](auto d, long p, long c, auto v) { return hn::Add(v, hn::LoadU(d, e.addend.at(p) + c)); });
}

/// The activation as a stage, if it is piecewise linear with two parameters at most. The function is a
/// compile-time constant, so that no branch is left in the loop.
template <function F>
HWY_INLINE auto rectifying(const output_epilogue& o) {
  return [&o](auto d, long p, long c, auto v) {
    using number = lanes_of<decltype(d)>;
    const activation<float>& a = o.e.activate;
    const auto r =
        piecewise(F, number(d, v), function_parameters<number>{number(a.a), number(a.b), number(0)});
    if (a.mask) store_bits(d, r.open, o.recorded(p), c);
    return r.value.v;
  };
}

/// The same for the parts after the activation. A gate with two slopes is one of them only if `Slopes`.
template <bool Slopes, class Each>
HWY_INLINE void for_each_stage_after(const output_epilogue& o, const Each& each) {
  const epilogue<float>& e = o.e;
  const gate<float>& g = e.through;
  if (g.positive_only)
    each([&](auto d, long, long, auto v) {
      return at_least(lanes_of<decltype(d)>(0), lanes_of<decltype(d)>(d, v)).v;
    });
  if (g.mask && !g.slopes && g.closed == 0)
    each([&](auto d, long p, long c, auto v) {
      return hn::IfThenElseZero(load_bits(d, o.read(p), c), hn::Mul(v, hn::Set(d, g.open)));
    });
  else if (Slopes && g.mask)
    each([&](auto d, long p, long c, auto v) {
      const auto closed = g.slopes ? hn::LoadU(d, g.slopes + c) : hn::Set(d, g.closed);
      return hn::Mul(v, hn::IfThenElse(load_bits(d, o.read(p), c), hn::Set(d, g.open), closed));
    });
  else if (g.derivative && !g.mask)
    each([&](auto d, long p, long c, auto v) {
      return hn::Mul(v, hn::LoadU(d, g.derivative + p * o.channels + c));
    });
  if (e.outer_scale)
    each([&](auto d, long, long c, auto v) { return hn::Mul(hn::LoadU(d, e.outer_scale + c), v); });
  if (e.outer_addend)
    each([&](auto d, long p, long c, auto v) { return hn::Add(v, hn::LoadU(d, e.outer_addend.at(p) + c)); });
}

/// Every active part of an epilogue that runs in registers.
template <class Each>
HWY_INLINE void for_each_stage(const output_epilogue& o, const Each& each) {
  for_each_stage_before(o, each);
  if (o.e.activate.f == function::relu)
    each(rectifying<function::relu>(o));
  else if (o.e.activate.f == function::clip)
    each(rectifying<function::clip>(o));
  for_each_stage_after<false>(o, each);
}

/// Results of channels [first, last) of some positions, and where the epilogue writes what it makes of them.
struct result_rows {
  long first, last;
  int count;            ///< positions
  const float* values;  ///< (count, pitch), beginning at channel `first`; null if they are where `to` points
  long pitch;
  const long* positions;
  long position_shift;  ///< added to all positions
  float* const* to;     ///< of channel `first` of each position
  long to_shift;        ///< added to all pointers
};

/// Runs any epilogue. Defined in finish.cpp.
void finish_rows(const output_epilogue&, const result_rows&);

/// The same for one position.
inline void finish_values(const output_epilogue& o, long position, long first, long last, const float* values,
                          float* to) {
  finish_rows(o, {first, last, 1, values, 0, &position, 0, &to, 0});
}

/// Calls body(tag, i) for i in [first, last): by whole vectors, then one at a time for the rest.
template <class F>
HWY_INLINE void by_vectors(long first, long last, const F& body) {
  long i = first;
  for (; i + lanes <= last; i += lanes) body(vector_tag(), i);
  for (; i < last; ++i) body(single_tag(), i);
}

/// Writes epilogue(value(tag, channel)) to `to` for channels [first, last) of a position.
template <class F>
HWY_INLINE void write_row(const output_epilogue& o, long position, long first, long last, float* to,
                          const F& value) {
  if (o.e.empty())
    return by_vectors(first, last, [&](auto d, long c) { hn::StoreU(value(d, c), d, to + (c - first)); });
  // Vectors begin with a whole byte of the masks, or there are none.
  if (in_registers(o.e) && (!has_masks(o.e) || first % 8 == 0 || last - first < lanes))
    return by_vectors(first, last, [&](auto d, long c) {
      auto v = value(d, c);
      for_each_stage(o, [&](const auto& stage) { v = stage(d, position, c, v); });
      hn::StoreU(v, d, to + (c - first));
    });
  constexpr long some = 256;
  HWY_ALIGN float values[some];
  for (long c = first; c < last; c += some) {
    const long end = std::min(c + some, last);
    by_vectors(c, end, [&](auto d, long i) { hn::StoreU(value(d, i), d, values + (i - c)); });
    finish_values(o, position, c, end, values, to + (c - first));
  }
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
