// SPDX-License-Identifier: MIT

// The transforms of Winograd's convolution F(4x4, 3x3). Highway includes this once for each instruction set.

#if defined(SALIENT_KERNEL_DIRECT_WINOGRAD_TRANSFORM) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_WINOGRAD_TRANSFORM
#undef SALIENT_KERNEL_DIRECT_WINOGRAD_TRANSFORM
#else
#define SALIENT_KERNEL_DIRECT_WINOGRAD_TRANSFORM
#endif

#include "kernel/direct/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// Along one axis, a tile has four outputs, which depend on six inputs.
inline constexpr int tile_outputs = 4, tile_inputs = 6;

/// Interpolation points are 0, a, -a, b, -b and infinity. With the usual 1 and 2 (Lavin and Gray 2016,
/// arXiv:1509.09308) results are three to four times as far off; these leave the error of a direct sum in
/// float32. All constants of the transforms of inputs and outputs are exact.
struct interpolation {
  static constexpr double a = 0.625, b = 1.5, a2 = a * a, b2 = b * b;
};

HWY_INLINE vector constant(double value) { return hn::Set(vector_tag(), static_cast<float>(value)); }

/// to = B^T x: values at the points of the polynomials that inputs stand for.
HWY_INLINE void transform_inputs(const vector (&x)[6], vector (&to)[6]) {
  using p = interpolation;
  const vector product = constant(p::a2 * p::b2), sum = constant(p::a2 + p::b2);
  const vector a2 = constant(p::a2), b2 = constant(p::b2), a = constant(p::a), b = constant(p::b);
  const vector even_a = hn::NegMulAdd(b2, x[2], x[4]), odd_a = hn::NegMulAdd(b2, x[1], x[3]);
  const vector even_b = hn::NegMulAdd(a2, x[2], x[4]), odd_b = hn::NegMulAdd(a2, x[1], x[3]);
  to[0] = hn::MulAdd(product, x[0], hn::NegMulAdd(sum, x[2], x[4]));
  to[1] = hn::MulAdd(a, odd_a, even_a);
  to[2] = hn::NegMulAdd(a, odd_a, even_a);
  to[3] = hn::MulAdd(b, odd_b, even_b);
  to[4] = hn::NegMulAdd(b, odd_b, even_b);
  to[5] = hn::MulAdd(product, x[1], hn::NegMulAdd(sum, x[3], x[5]));
}

/// to = G w
HWY_INLINE void transform_weights(const vector (&w)[3], vector (&to)[6]) {
  using p = interpolation;
  constexpr double at_a = 1 / (2 * p::a2 * (p::a2 - p::b2)), at_b = 1 / (2 * p::b2 * (p::b2 - p::a2));
  const vector even_a = hn::MulAdd(constant(p::a2 * at_a), w[2], hn::Mul(constant(at_a), w[0]));
  const vector even_b = hn::MulAdd(constant(p::b2 * at_b), w[2], hn::Mul(constant(at_b), w[0]));
  to[0] = hn::Mul(constant(1 / (p::a2 * p::b2)), w[0]);
  to[1] = hn::MulAdd(constant(p::a * at_a), w[1], even_a);
  to[2] = hn::NegMulAdd(constant(p::a * at_a), w[1], even_a);
  to[3] = hn::MulAdd(constant(p::b * at_b), w[1], even_b);
  to[4] = hn::NegMulAdd(constant(p::b * at_b), w[1], even_b);
  to[5] = w[2];
}

/// to = A^T m
HWY_INLINE void transform_outputs(const vector (&m)[6], vector (&to)[4]) {
  using p = interpolation;
  const vector even_a = hn::Add(m[1], m[2]), odd_a = hn::Sub(m[1], m[2]);
  const vector even_b = hn::Add(m[3], m[4]), odd_b = hn::Sub(m[3], m[4]);
  to[0] = hn::Add(hn::Add(m[0], even_a), even_b);
  to[1] = hn::MulAdd(constant(p::a), odd_a, hn::Mul(constant(p::b), odd_b));
  to[2] = hn::MulAdd(constant(p::a2), even_a, hn::Mul(constant(p::b2), even_b));
  to[3] = hn::MulAdd(constant(p::a2 * p::a), odd_a, hn::MulAdd(constant(p::b2 * p::b), odd_b, m[5]));
}

/// Transforms an N x N matrix of vectors along both axes: store(i, j, value) for each of the M x M results.
template <int N, int M, class Transform, class Load, class Store>
HWY_INLINE void transform_both(const Transform& transform, const Load& load, const Store& store) {
  vector half[N][M];
  HWY_UNROLL(6)
  for (int j = 0; j < N; ++j) {
    vector column[N];
    HWY_UNROLL(6)
    for (int i = 0; i < N; ++i) column[i] = load(i, j);
    transform(column, half[j]);
  }
  HWY_UNROLL(6)
  for (int i = 0; i < M; ++i) {
    vector row[N], result[M];
    HWY_UNROLL(6)
    for (int j = 0; j < N; ++j) row[j] = half[j][i];
    transform(row, result);
    HWY_UNROLL(6)
    for (int j = 0; j < M; ++j) store(i, j, result[j]);
  }
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
