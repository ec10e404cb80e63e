// SPDX-License-Identifier: MIT

// What kernel/finish.hpp says, by vectors. Highway includes this once for each instruction set.

#if defined(SALIENT_KERNEL_DIRECT_FINISH) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_FINISH
#undef SALIENT_KERNEL_DIRECT_FINISH
#else
#define SALIENT_KERNEL_DIRECT_FINISH
#endif

#include <cstdint>

#include <hwy/highway.h>

#include "salient/kernel/finish.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

static_assert(sizeof(bool) == 1, "bools are read and written as bytes");

/// The larger; NaN if v is, which not every instruction set's maximum would keep.
template <class V>
HWY_INLINE V at_least(V floor, V v) {
  return hn::IfThenElse(hn::Lt(v, floor), floor, v);
}

/// Calls body(tag, i) for all i from `first` to `last`: vectors of them, then what is left one by one.
template <class F>
HWY_INLINE void by_vectors(long first, long last, const F& body) {
  const hn::ScalableTag<float> whole;
  const hn::CappedTag<float, 1> one;
  constexpr long lanes = HWY_LANES(float);
  long i = first;
  for (; i + lanes <= last; i += lanes) body(whole, i);
  for (; i < last; ++i) body(one, i);
}

/// v where the gate is true, else 0.
template <class D>
HWY_INLINE hn::Vec<D> pass(D d, const bool* gate, hn::Vec<D> v) {
  const hn::RebindToSigned<D> di;
  const hn::Rebind<std::uint8_t, D> d8;
  const auto open = hn::PromoteTo(di, hn::LoadU(d8, reinterpret_cast<const std::uint8_t*>(gate)));
  return hn::IfThenElseZero(hn::RebindMask(d, hn::Gt(open, hn::Zero(di))), v);
}

template <class D>
HWY_INLINE void store_signs(D d, hn::Vec<D> v, bool* to) {
  const hn::RebindToSigned<D> di;
  const hn::Rebind<std::uint8_t, D> d8;
  const auto positive = hn::RebindMask(di, hn::Gt(v, hn::Zero(d)));
  hn::StoreU(hn::DemoteTo(d8, hn::IfThenElseZero(positive, hn::Set(di, 1))), d8,
             reinterpret_cast<std::uint8_t*>(to));
}

/// Result v, number `at` of all, as it is to be written.
template <class D>
HWY_INLINE hn::Vec<D> finished(D d, const finish& after, long at, hn::Vec<D> v) {
  if (after.signs) store_signs(d, v, after.signs + at);
  if (after.rectify) v = at_least(hn::Zero(d), v);
  return after.gate ? pass(d, after.gate + at, v) : v;
}

/// The same of a single one.
HWY_INLINE float finished(const finish& after, long at, float v) {
  if (after.signs) after.signs[at] = v > 0;
  if (after.rectify && v < 0) v = 0;
  return after.gate && !after.gate[at] ? 0.0F : v;
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
