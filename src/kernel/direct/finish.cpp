// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/finish.cpp"
#include <hwy/foreach_target.h>

#include "kernel/direct/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// A row is finished a few vectors at a time, which stay in the L1 cache from one operation to the next.
template <class D>
inline constexpr int most_together = hn::MaxLanes(D()) == 1 ? 1 : 8;

/// A function that is a compile-time constant, of several vectors of results.
template <function F, class D>
HWY_INLINE void activate_by(D d, const output_epilogue& o, long position, long c, hn::Vec<D>* v, int count) {
  using number = lanes_of<D>;
  constexpr auto length = static_cast<long>(hn::MaxLanes(D()));
  const activation<float>& a = o.e.activate;
  function_parameters<number> p{number(a.a), number(a.b), number(0)};
  HWY_UNROLL(1)
  for (int i = 0; i < (most_together<D> == 1 ? 1 : count); ++i, c += length) {
    if constexpr (F == function::prelu) p.slope = {d, hn::LoadU(d, a.slopes + c)};
    if constexpr (records_mask(F)) {
      const auto r = piecewise(F, number(d, v[i]), p);
      if (a.mask) store_bits(d, r.open, o.recorded(position), c);
      v[i] = r.value.v;
    } else {
      const auto r = smooth(F, number(d, v[i]), p);
      if (a.derivative) hn::StoreU(r.derivative.v, d, a.derivative + position * o.channels + c);
      v[i] = r.value.v;
    }
  }
}

/// Any activation that does not run in registers. One branch serves all vectors, so that the processor works
/// on several at a time: their latencies are long.
template <class D>
HWY_NOINLINE void activate(D d, const output_epilogue& o, long position, long c, hn::Vec<D>* v, int count) {
  const auto by = [&]<function F>() { activate_by<F>(d, o, position, c, v, count); };
  switch (o.e.activate.f) {
    case function::leaky_relu:
      return by.template operator()<function::leaky_relu>();
    case function::prelu:
      return by.template operator()<function::prelu>();
    case function::hard_sigmoid:
      return by.template operator()<function::hard_sigmoid>();
    case function::sigmoid:
      return by.template operator()<function::sigmoid>();
    case function::tanh:
      return by.template operator()<function::tanh>();
    case function::silu:
      return by.template operator()<function::silu>();
    case function::hard_swish:
      return by.template operator()<function::hard_swish>();
    case function::gelu:
      return by.template operator()<function::gelu>();
    case function::gelu_tanh:
      return by.template operator()<function::gelu_tanh>();
    case function::elu:
      return by.template operator()<function::elu>();
    case function::softplus:
      return by.template operator()<function::softplus>();
    case function::none:
    case function::relu:
    case function::clip:
      return;  // run in registers
  }
}

/// Gates a signal by a mask with two slopes.
template <class D>
HWY_INLINE hn::Vec<D> pass(D d, const output_epilogue& o, long position, long c, hn::Vec<D> v) {
  const gate<float>& g = o.e.through;
  const auto closed = g.slopes ? hn::LoadU(d, g.slopes + c) : hn::Set(d, g.closed);
  return hn::Mul(v, hn::IfThenElse(load_bits(d, o.read(position), c), hn::Set(d, g.open), closed));
}

/// Runs the epilogue on `count` vectors of results from channel c on.
template <class D>
HWY_NOINLINE void finish_vectors(D d, const output_epilogue& o, long position, long c, int count,
                                 const float* values, float* to) {
  constexpr auto length = static_cast<long>(hn::MaxLanes(D()));
  hn::Vec<D> v[most_together<D>];
  const auto for_each = [&](const auto& body) {
    HWY_UNROLL(1)
    for (int i = 0; i < (most_together<D> == 1 ? 1 : count); ++i) body(i);
  };
  const auto each = [&](const auto& stage) {
    for_each([&](int i) { v[i] = stage(d, position, c + i * length, v[i]); });
  };
  for_each([&](int i) { v[i] = hn::LoadU(d, values + i * length); });
  for_each_stage(
      o, each, [&] { activate(d, o, position, c, v, count); },
      [&] { each([&](auto tag, long p, long at, auto u) { return pass(tag, o, p, at, u); }); });
  for_each([&](int i) { hn::StoreU(v[i], d, to + i * length); });
}

void finish_values(const output_epilogue& o, long position, long first, long last, const float* values,
                   float* to) {
  long c = first;
  const auto finish = [&](auto d, long end) {
    constexpr auto length = static_cast<long>(hn::MaxLanes(d));
    while (c + length <= end) {
      const auto count = static_cast<int>(std::min<long>((end - c) / length, most_together<decltype(d)>));
      finish_vectors(d, o, position, c, count, values + (c - first), to + (c - first));
      c += count * length;
    }
  };
  // Vectors begin at a whole byte of the masks.
  if (has_masks(o.e)) finish(single_tag(), std::min((first + 7) / 8 * 8, last));
  finish(vector_tag(), last);
  finish(single_tag(), last);
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
