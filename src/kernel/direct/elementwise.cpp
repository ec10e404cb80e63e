// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/elementwise.cpp"
#include <cstring>

#include <hwy/foreach_target.h>

#include "kernel/direct/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// Whether an epilogue treats all elements alike, whatever their channel, and all that it reads and records
/// is as contiguous as the output.
inline bool uniform(const epilogue<float>& e, const view<float>& y) {
  const bool masks = e.activate.mask || e.through.mask, slopes = e.activate.slopes || e.through.slopes;
  return y.contiguous() && !e.scale && !e.outer_scale && !slopes && (!masks || y.extent.channels % 16 == 0) &&
         (!e.addend || e.addend.contiguous()) && (!e.outer_addend || e.outer_addend.contiguous());
}

/// Calls write(epilogue, position, first, last, to) for the rows of one share of y. If `flat` (all operands
/// are contiguous) and the epilogue is uniform, the tensor is processed as a single row.
template <class F>
HWY_INLINE void for_each_row(const epilogue<float>& e, const view<float>& y, bool flat, share part,
                             const F& write) {
  if (flat && uniform(e, y)) {
    const long size = y.elements(), units = (size + 15) / 16;
    const long first = part.first(units) * 16, last = std::min(part.last(units) * 16, size);
    if (first < last) write(output_epilogue{e, size}, 0, first, last, y.data + first);
    return;
  }
  const output_epilogue output{e, y.extent.channels};
  for (long p = part.first(y.positions()); p < part.last(y.positions()); ++p)
    write(output, p, 0, y.extent.channels, y.at(p));
}

void apply_to(const apply& t, share part) {
  for_each_row(t.after, t.y, t.x.contiguous(), part,
               [&](const output_epilogue& o, long p, long first, long last, float* to) {
                 finish_values(o, p, first, last, t.x.at(p) + first, to);
               });
}

void multiply_by(const multiply& t, share part) {
  const bool by_channel = t.s.extent.positions() == 1 && t.y.extent.positions() > 1;
  const long shared = by_channel ? t.y.extent.positions() : 1;  // positions that share a factor
  for_each_row(t.after, t.y, !by_channel && t.x.contiguous() && t.s.contiguous(), part,
               [&](const output_epilogue& o, long p, long first, long last, float* to) {
                 const float *const x = t.x.at(p), *const s = t.s.at(p / shared);
                 write_row(o, p, first, last, to,
                           [&](auto d, long c) { return hn::Mul(hn::LoadU(d, x + c), hn::LoadU(d, s + c)); });
               });
}

void sum_products(const multiply_gradient& t, share part) {
  const long positions = t.x.extent.positions(), channels = t.x.extent.channels;
  const output_epilogue output{t.after, channels};
  const long units = (channels + 15) / 16;  // no two threads write to the same byte of a mask
  const long first = part.first(units) * 16, last = std::min(part.last(units) * 16, channels);
  for (long n = 0; n < t.x.batch && first < last; ++n)
    write_row(output, n, first, last, t.ds.at(n) + first, [&](auto d, long c) {
      auto sum = hn::Zero(d);
      for (long p = n * positions; p < (n + 1) * positions; ++p)
        sum = hn::MulAdd(hn::LoadU(d, t.dy.at(p) + c), hn::LoadU(d, t.x.at(p) + c), sum);
      return sum;
    });
}

void follow_line(const line& t, share part) {
  const long first = part.first(t.size), last = part.last(t.size);
  for (long i = 0; i < t.count; ++i) {
    float* const row = t.out + i * t.size;
    if (t.positions[i] == 1.0F) {
      std::memcpy(row + first, t.to + first, static_cast<std::size_t>(last - first) * sizeof(float));
      continue;
    }
    by_vectors(first, last, [&](auto d, long e) {
      const auto start = hn::LoadU(d, t.from + e);
      const auto way = hn::Sub(hn::LoadU(d, t.to + e), start);
      hn::StoreU(hn::MulAdd(hn::Set(d, t.positions[i]), way, start), d, row + e);
    });
  }
}

void add_weighted(const accumulate& t, share part) {
  const long last = part.last(t.size);
  long e = part.first(t.size);
#if HWY_HAVE_FLOAT64
  const auto add = [&](auto wide) {
    const hn::Rebind<float, decltype(wide)> d;
    const auto length = static_cast<long>(hn::MaxLanes(wide));
    for (; e + length <= last; e += length) {
      auto total = hn::LoadU(wide, t.sum + e);
      for (long i = 0; i < t.count; ++i)
        total = hn::MulAdd(hn::PromoteTo(wide, hn::LoadU(d, t.x + i * t.size + e)),
                           hn::Set(wide, static_cast<double>(t.weights[i])), total);
      hn::StoreU(total, wide, t.sum + e);
    }
  };
  add(hn::ScalableTag<double>());
  add(hn::CappedTag<double, 1>());
#else
  for (; e < last; ++e)
    for (long i = 0; i < t.count; ++i)
      t.sum[e] += static_cast<double>(t.weights[i]) * static_cast<double>(t.x[i * t.size + e]);
#endif
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(apply_to);
HWY_EXPORT(multiply_by);
HWY_EXPORT(sum_products);
HWY_EXPORT(follow_line);
HWY_EXPORT(add_weighted);
void apply::operator()(share part) const { HWY_DYNAMIC_DISPATCH(apply_to)(*this, part); }
void multiply::operator()(share part) const { HWY_DYNAMIC_DISPATCH(multiply_by)(*this, part); }
void multiply_gradient::operator()(share part) const { HWY_DYNAMIC_DISPATCH(sum_products)(*this, part); }
void line::operator()(share part) const { HWY_DYNAMIC_DISPATCH(follow_line)(*this, part); }
void accumulate::operator()(share part) const { HWY_DYNAMIC_DISPATCH(add_weighted)(*this, part); }

}  // namespace salient::kernel::direct
#endif
