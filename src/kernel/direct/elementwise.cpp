// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/elementwise.cpp"
#include <cstring>

#include <hwy/foreach_target.h>

#include "kernel/direct/finish.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

void apply(share part, const finish& after, long size, const float* x, float* y) {
  by_vectors(part.first(size), part.last(size),
             [&](auto d, long e) { hn::StoreU(finished(d, after, e, hn::LoadU(d, x + e)), d, y + e); });
}

void line(share part, long count, long size, const float* from, const float* to, const float* positions,
          float* out) {
  const long first = part.first(size), last = part.last(size);
  for (long i = 0; i < count; ++i) {
    float* const row = out + i * size;
    if (positions[i] == 1.0F) {
      std::memcpy(row + first, to + first, static_cast<std::size_t>(last - first) * sizeof(float));
      continue;
    }
    // Fused or not alike for vectors and for what is left of them, whatever the compiler contracts.
    by_vectors(first, last, [&](auto d, long e) {
      const auto start = hn::LoadU(d, from + e);
      const auto way = hn::Sub(hn::LoadU(d, to + e), start);
      hn::StoreU(hn::MulAdd(hn::Set(d, positions[i]), way, start), d, row + e);
    });
  }
}

void accumulate(share part, long count, long size, const float* x, const float* weights, double* sum) {
  const long last = part.last(size);
  long e = part.first(size);
#if HWY_HAVE_FLOAT64  // 32-bit ARM has no vectors of double
  const hn::ScalableTag<double> wide;
  constexpr long lanes = HWY_LANES(double);
  const hn::Rebind<float, decltype(wide)> d;
  for (; e + lanes <= last; e += lanes) {
    auto total = hn::LoadU(wide, sum + e);
    for (long i = 0; i < count; ++i)
      total = hn::MulAdd(hn::PromoteTo(wide, hn::LoadU(d, x + i * size + e)),
                         hn::Set(wide, static_cast<double>(weights[i])), total);
    hn::StoreU(total, wide, sum + e);
  }
#endif
  for (; e < last; ++e)
    for (long i = 0; i < count; ++i)
      sum[e] += static_cast<double>(weights[i]) * static_cast<double>(x[i * size + e]);
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(apply);
HWY_EXPORT(line);
HWY_EXPORT(accumulate);

void apply(share part, const finish& after, long size, const float* x, float* y) {
  HWY_DYNAMIC_DISPATCH(apply)(part, after, size, x, y);
}
void line(share part, long count, long size, const float* from, const float* to, const float* positions,
          float* out) {
  HWY_DYNAMIC_DISPATCH(line)(part, count, size, from, to, positions, out);
}
void accumulate(share part, long count, long size, const float* x, const float* weights, double* sum) {
  HWY_DYNAMIC_DISPATCH(accumulate)(part, count, size, x, weights, sum);
}

}  // namespace salient::kernel::direct
#endif
