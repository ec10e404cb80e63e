// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/pack.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>

#include "kernel/direct/packing.hpp"
#include "kernel/direct/tile.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// For filters [first, last), in the order of unpacked weights: calls visit(offset, step, count) for each
/// stretch of packed weights that is contiguous when unpacked. Calls fill(offset, step, count) for the zeros
/// that fill the last vector of each group whose last filter is among them.
template <class F, class G>
void for_each_stretch(const conv_problem& p, long first, long last, const F& visit, const G& fill) {
  const long filters = p.filters / p.groups, area = p.w.area();
  const packing layout(area, p.depth(), filters, most_columns, lanes);
  const long group = packed_elements({p.w, p.depth(), static_cast<int>(filters)});
  for (long o = first; o < last; ++o) {
    const long base = o / filters * group, own = o % filters;
    const auto all = [&](long at, const auto& each) {
      for (long entry = 0; entry < area; ++entry)
        for (long b = 0; b < layout.blocks(); ++b)
          each(base + layout.offset(at, entry, b * layout.block()), layout.in_step(at / layout.columns()),
               layout.depth(b));
    };
    all(own, visit);
    if (own + 1 == filters)
      for (long spare = filters; spare < layout.outputs(); ++spare) all(spare, fill);
  }
}

void pack_some(const conv_problem& p, long first, long count, const float* weight, float* packed) {
  for_each_stretch(
      p, first, first + count,
      [&](long at, long step, long size) {
        for (long i = 0; i < size; ++i) packed[at + i * step] = *weight++;
      },
      [&](long at, long step, long size) {
        for (long i = 0; i < size; ++i) packed[at + i * step] = 0;
      });
}

void unpack_all(const conv_problem& p, const float* packed, float* weight) {
  for_each_stretch(
      p, 0, p.filters,
      [&](long at, long step, long size) {
        for (long i = 0; i < size; ++i) *weight++ = packed[at + i * step];
      },
      [](long, long, long) {});
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(pack_some);
HWY_EXPORT(unpack_all);
void pack(const conv_problem& p, long first, long count, const float* weight, float* packed) {
  HWY_DYNAMIC_DISPATCH(pack_some)(p, first, count, weight, packed);
}
void unpack(const conv_problem& p, const float* packed, float* weight) {
  HWY_DYNAMIC_DISPATCH(unpack_all)(p, packed, weight);
}

}  // namespace salient::kernel::direct
#endif
