// SPDX-License-Identifier: MIT
#include "kernel/direct/direct.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/direct/finish.cpp"
#include <algorithm>

#include <hwy/foreach_target.h>

#include "kernel/direct/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// One activation, which is a compile-time constant.
template <function F, class D>
HWY_INLINE hn::Vec<D> activated(D d, const output_epilogue& o, long position, long c, hn::Vec<D> v) {
  if constexpr (F == function::none) {
    return v;
  } else if constexpr (F == function::relu || F == function::clip) {
    return rectifying<F>(o)(d, position, c, v);
  } else {
    using number = lanes_of<D>;
    const activation<float>& a = o.e.activate;
    function_parameters<number> p{number(a.a), number(a.b), number(0)};
    if constexpr (F == function::prelu) p.slope = {d, hn::LoadU(d, a.slopes + c)};
    if constexpr (records_mask(F)) {
      const auto r = piecewise(F, number(d, v), p);
      if (a.mask) store_bits(d, r.open, o.recorded(position), c);
      return r.value.v;
    } else {
      const auto r = smooth(F, number(d, v), p);
      if (a.derivative) hn::StoreU(r.derivative.v, d, a.derivative + position * o.channels + c);
      return r.value.v;
    }
  }
}

/// Which parts of an epilogue run: those up to the activation, and those after it.
struct stages {
  bool before, after;
};

/// Runs parts of an epilogue on whole vectors of channels [first, last). Nothing that a vector needs depends
/// on the one before, so that the processor works on several at a time: the latencies of smooth activations
/// are long.
template <function F, stages S, class D>
HWY_NOINLINE void finish_vectors(D d, const output_epilogue& to_run, const result_rows& rows, long first,
                                 long last) {
  constexpr auto length = static_cast<long>(hn::MaxLanes(D()));
  // Copies: the compiler must assume that a store may change what a reference refers to.
  const epilogue<float> own = to_run.e;
  const output_epilogue o{own, to_run.channels};
  const result_rows r = rows;
  for (int j = 0; j < r.count; ++j) {
    const long position = r.positions[j] + r.position_shift;
    float* const to = r.to[j] + r.to_shift - r.first;
    const float* const from = r.values ? r.values + j * r.pitch - r.first : to;
    HWY_UNROLL(1)
    for (long c = first; c < last; c += length) {
      auto v = hn::LoadU(d, from + c);
      const auto each = [&](const auto& stage) { v = stage(d, position, c, v); };
      if constexpr (S.before) {
        for_each_stage_before(o, each);
        v = activated<F>(d, o, position, c, v);
      }
      if constexpr (S.after) for_each_stage_after<true>(o, each);
      hn::StoreU(v, d, to + c);
    }
  }
}

/// Half a vector. Most numbers of channels are multiples of 8.
using half_tag = hn::CappedTag<float, (lanes > 8 ? 8 : lanes)>;

template <function F, stages S>
void finish_by(const output_epilogue& o, const result_rows& r) {
  long c = r.first;
  const auto finish = [&](auto d, long end) {
    constexpr auto length = static_cast<long>(hn::MaxLanes(d));
    const long whole = c + (end - c) / length * length;
    if (c < whole) finish_vectors<F, S>(d, o, r, c, whole);
    c = whole;
  };
  // Vectors begin at a whole byte of the masks.
  if (has_masks(o.e)) finish(single_tag(), std::min((r.first + 7) / 8 * 8, r.last));
  finish(vector_tag(), r.last);
  if constexpr (lanes > 8) finish(half_tag(), r.last);
  finish(single_tag(), r.last);
}

/// Runs an epilogue with an activation F. What follows an activation, which rarely is anything, runs on what
/// that has made of a part of a row.
template <function F>
void activate_rows(const output_epilogue& o, const result_rows& r) {
  if (!o.e.through.acts() && !o.e.outer_scale && !o.e.outer_addend)
    return finish_by<F, stages{true, false}>(o, r);
  if constexpr (F == function::none) return finish_by<function::none, stages{true, true}>(o, r);
  constexpr long some = 256;
  HWY_ALIGN float values[some];
  float* const kept = values;
  for (int j = 0; j < r.count; ++j)
    for (long c = r.first; c < r.last; c += some) {
      const long end = std::min(c + some, r.last), position = r.positions[j] + r.position_shift;
      float* const to = r.to[j] + r.to_shift + (c - r.first);
      const float* const from = r.values ? r.values + j * r.pitch + (c - r.first) : to;
      finish_by<F, stages{true, false}>(o, {c, end, 1, from, 0, &position, 0, &kept, 0});
      finish_by<function::none, stages{false, true}>(o, {c, end, 1, values, 0, &position, 0, &to, 0});
    }
}

void finish_rows(const output_epilogue& o, const result_rows& r) {
  switch (o.e.activate.f) {
    case function::none:
      return activate_rows<function::none>(o, r);
    case function::relu:
      return activate_rows<function::relu>(o, r);
    case function::clip:
      return activate_rows<function::clip>(o, r);
    case function::leaky_relu:
      return activate_rows<function::leaky_relu>(o, r);
    case function::prelu:
      return activate_rows<function::prelu>(o, r);
    case function::hard_sigmoid:
      return activate_rows<function::hard_sigmoid>(o, r);
    case function::sigmoid:
      return activate_rows<function::sigmoid>(o, r);
    case function::tanh:
      return activate_rows<function::tanh>(o, r);
    case function::silu:
      return activate_rows<function::silu>(o, r);
    case function::hard_swish:
      return activate_rows<function::hard_swish>(o, r);
    case function::gelu:
      return activate_rows<function::gelu>(o, r);
    case function::gelu_tanh:
      return activate_rows<function::gelu_tanh>(o, r);
    case function::elu:
      return activate_rows<function::elu>(o, r);
    case function::softplus:
      return activate_rows<function::softplus>(o, r);
  }
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
