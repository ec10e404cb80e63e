// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/finish.cpp"
#include <hwy/foreach_target.h>

#include "kernel/direct/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// Any activation, of one vector of results.
template <class D>
HWY_NOINLINE void activate(D d, const output_epilogue& o, long position, long c, hn::Vec<D>& v) {
  using number = lanes_of<D>;
  const activation<float>& a = o.e.activate;
  const function_parameters<number> p{number(a.a), number(a.b),
                                      a.slopes ? number(d, hn::LoadU(d, a.slopes + c)) : number(0)};
  if (records_mask(a.f)) {
    const auto r = piecewise(a.f, number(d, v), p);
    if (a.mask) store_bits(d, r.open, o.recorded(position), c);
    v = r.value.v;
  } else {
    const auto r = smooth(a.f, number(d, v), p);
    if (a.derivative) hn::StoreU(r.derivative.v, d, a.derivative + position * o.channels + c);
    v = r.value.v;
  }
}

/// Gates a signal by slopes or by a derivative.
template <class D>
HWY_INLINE hn::Vec<D> pass(D d, const output_epilogue& o, long position, long c, hn::Vec<D> v) {
  const gate<float>& g = o.e.through;
  if (g.mask) {
    const auto closed = g.slopes ? hn::LoadU(d, g.slopes + c) : hn::Set(d, g.closed);
    return hn::Mul(v, hn::IfThenElse(load_bits(d, o.read(position), c), hn::Set(d, g.open), closed));
  }
  return g.derivative ? hn::Mul(v, hn::LoadU(d, g.derivative + position * o.channels + c)) : v;
}

/// Runs the epilogue on N vectors of results from channel c on.
template <int N, class D>
HWY_INLINE void finish_vectors(D d, const output_epilogue& o, long position, long c, const float* values,
                               float* to) {
  constexpr auto length = static_cast<long>(hn::MaxLanes(D()));
  hn::Vec<D> v[N];
  HWY_UNROLL(4)
  for (int i = 0; i < N; ++i) v[i] = hn::LoadU(d, values + i * length);
  const auto each = [&](const auto& stage) {
    HWY_UNROLL(4)
    for (int i = 0; i < N; ++i) v[i] = stage(d, position, c + i * length, v[i]);
  };
  for_each_stage(
      o, each,
      [&] {
        for (int i = 0; i < N; ++i) activate(d, o, position, c + i * length, v[i]);
      },
      [&] { each([&](auto tag, long p, long at, auto u) { return pass(tag, o, p, at, u); }); });
  HWY_UNROLL(4)
  for (int i = 0; i < N; ++i) hn::StoreU(v[i], d, to + i * length);
}

void finish_values(const output_epilogue& o, long position, long first, long last, const float* values,
                   float* to) {
  long c = first;
  const auto finish = [&]<int N>(auto d, std::integral_constant<int, N>) {
    finish_vectors<N>(d, o, position, c, values + (c - first), to + (c - first));
    c += N * static_cast<long>(hn::MaxLanes(d));
  };
  // Vectors begin at a whole byte of the masks.
  if (has_masks(o.e))
    while (c % 8 != 0 && c < last) finish(single_tag(), std::integral_constant<int, 1>{});
  while (c + 4 * lanes <= last) finish(vector_tag(), std::integral_constant<int, 4>{});
  while (c + lanes <= last) finish(vector_tag(), std::integral_constant<int, 1>{});
  while (c < last) finish(single_tag(), std::integral_constant<int, 1>{});
}

void finish_whole_row(const finish_row& t) {
  const long channels = t.y.extent.channels;
  finish_values({t.after, channels}, t.position, 0, channels, t.row, t.y.at(t.position));
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace salient::kernel::direct {

HWY_EXPORT(finish_whole_row);
void finish_row::operator()() const { HWY_DYNAMIC_DISPATCH(finish_whole_row)(*this); }

}  // namespace salient::kernel::direct
#endif
