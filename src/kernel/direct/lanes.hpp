// SPDX-License-Identifier: MIT

// Vectors of float as the number type of kernel/functions.hpp. Highway includes this once for each
// instruction set.

#if defined(SALIENT_KERNEL_DIRECT_LANES) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_LANES
#undef SALIENT_KERNEL_DIRECT_LANES
#else
#define SALIENT_KERNEL_DIRECT_LANES
#endif

#include <cstddef>
#include <iterator>

// clang-format off
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

#include "salient/kernel/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A vector with arithmetic operators; D gives its length.
template <class D>
struct lanes_of {
  hn::Vec<D> v;

  lanes_of() = default;
  HWY_INLINE explicit lanes_of(double value) : v(hn::Set(D(), static_cast<float>(value))) {}
  HWY_INLINE explicit lanes_of(float value) : v(hn::Set(D(), value)) {}
  HWY_INLINE explicit lanes_of(int value) : v(hn::Set(D(), static_cast<float>(value))) {}
  HWY_INLINE lanes_of(D, hn::Vec<D> value) : v(value) {}

  HWY_INLINE lanes_of operator-() const { return {D(), hn::Neg(v)}; }
  friend HWY_INLINE lanes_of operator+(lanes_of a, lanes_of b) { return {D(), hn::Add(a.v, b.v)}; }
  friend HWY_INLINE lanes_of operator-(lanes_of a, lanes_of b) { return {D(), hn::Sub(a.v, b.v)}; }
  friend HWY_INLINE lanes_of operator*(lanes_of a, lanes_of b) { return {D(), hn::Mul(a.v, b.v)}; }
  friend HWY_INLINE lanes_of operator/(lanes_of a, lanes_of b) { return {D(), hn::Div(a.v, b.v)}; }
  friend HWY_INLINE auto operator<(lanes_of a, lanes_of b) { return hn::Lt(a.v, b.v); }
};

template <class M>
HWY_INLINE M both(M p, M q) {
  return hn::And(p, q);
}
template <class M, class D>
HWY_INLINE lanes_of<D> select(M condition, lanes_of<D> yes, lanes_of<D> no) {
  return {D(), hn::IfThenElse(condition, yes.v, no.v)};
}
template <class D>
HWY_INLINE lanes_of<D> multiply_add(lanes_of<D> a, lanes_of<D> b, lanes_of<D> c) {
  return {D(), hn::MulAdd(a.v, b.v, c.v)};
}
template <class D>
HWY_INLINE lanes_of<D> magnitude(lanes_of<D> x) {
  return {D(), hn::Abs(x.v)};
}

/// f(x) with x clamped to [low, high], outside of which f is constant in float32; NaN stays NaN. Highway's
/// functions promise nothing for NaN, and overflow when they convert large exponents to integers.
template <class D, class F>
HWY_INLINE lanes_of<D> bounded(lanes_of<D> x, float low, float high, const F& f) {
  const D d;
  const auto nan = hn::IsNaN(x.v);
  const auto inside = hn::Clamp(hn::IfThenZeroElse(nan, x.v), hn::Set(d, low), hn::Set(d, high));
  return {d, hn::IfThenElse(nan, x.v, f(d, inside))};
}
/// For arguments <= 0 only: kernel/functions.hpp uses no others. exp(x) = 2^n exp(r) with |r| <= log(2) / 2,
/// where exp(r) = 1 + r + r^2 P(r). P's coefficients minimise the largest relative error (iteratively
/// reweighted least squares): 3e-9 before rounding, 1e-7 after it. 0 below the smallest normal number. A
/// network may spend a fifth of its time here, and Highway's function takes twice as long.
template <class D>
HWY_INLINE lanes_of<D> exponential(lanes_of<D> x) {
  const D d;
  const hn::RebindToSigned<D> bits;
  const auto number = [&](float value) { return hn::Set(d, value); };
  constexpr float lowest = -87.33F;
  // Adding 1.5 2^23 rounds to an integer, which then stands in the lowest bits.
  const auto shifted = hn::MulAdd(x.v, number(1.44269504F), number(12'582'912.0F));
  const auto n = hn::Sub(shifted, number(12'582'912.0F));
  auto r = hn::NegMulAdd(n, number(0.693359375F), x.v);  // n times this is exact
  r = hn::NegMulAdd(n, number(-2.12194440e-4F), r);
  const auto square = hn::Mul(r, r);
  const auto low = hn::MulAdd(r, number(0.1666652113F), number(0.4999999404F));
  const auto middle = hn::MulAdd(r, number(0.0083687240F), number(0.0416683890F));
  const auto p = hn::MulAdd(square, hn::MulAdd(square, number(0.0013814584F), middle), low);
  const auto near_1 = hn::Add(number(1.0F), hn::MulAdd(square, p, r));
  const auto scaled =
      hn::BitCast(d, hn::Add(hn::BitCast(bits, near_1), hn::ShiftLeft<23>(hn::BitCast(bits, shifted))));
  return {d, hn::IfThenElse(hn::IsNaN(x.v), x.v, hn::IfThenElseZero(hn::Ge(x.v, number(lowest)), scaled))};
}
template <class D>
HWY_INLINE lanes_of<D> exponential_minus_1(lanes_of<D> x) {
  return bounded(x, -105.0F, 0.0F, [](D d, auto v) { return hn::Expm1(d, v); });
}
/// For arguments in [0, 1] only.
template <class D>
HWY_INLINE lanes_of<D> logarithm_1_plus(lanes_of<D> x) {
  return bounded(x, 0.0F, 1.0F, [](D d, auto v) { return hn::Log1p(d, v); });
}
template <class D>
HWY_INLINE lanes_of<D> hyperbolic_tangent(lanes_of<D> x) {
  return bounded(x, -10.0F, 10.0F, [](D d, auto v) { return hn::Tanh(d, v); });
}

/// erf: x P(x^2) / Q(x^2) for |x| < 4, and 1 beyond, in float32. The coefficients minimise the largest error
/// (iteratively reweighted least squares): 1.5e-9 before rounding, 4e-7 after it.
template <class D>
HWY_INLINE lanes_of<D> error_function(lanes_of<D> x) {
  constexpr float p[] = {1.1283791821084546F,     0.18471033286383054F,  0.05433258666756504F,
                         0.0038395273258228944F,  0.000382691892197932F, 4.780530904839031e-06F,
                         -1.3666737195404037e-08F};
  constexpr float q[] = {1.0F,
                         0.4970288159073026F,
                         0.11382629496125914F,
                         0.015453511298319162F,
                         0.0013095781992374421F,
                         6.40091880715293e-05F};
  return bounded(x, -4.0F, 4.0F, [&](D d, auto v) {
    const lanes_of<D> inner{d, v}, square = inner * inner;
    const auto horner = [&](const auto& coefficients) {
      lanes_of<D> sum(0);
      for (std::size_t i = std::size(coefficients); i-- > 0;)
        sum = multiply_add(sum, square, lanes_of<D>(coefficients[i]));
      return sum;
    };
    const lanes_of<D> y = inner * horner(p) / horner(q);
    return hn::Clamp(y.v, hn::Set(d, -1.0F), hn::Set(d, 1.0F));
  });
}

#define SALIENT_FUNCTION HWY_INLINE
#include "kernel/functions.hpp"
#undef SALIENT_FUNCTION

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
