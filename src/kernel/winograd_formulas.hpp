// SPDX-License-Identifier: MIT

// The transforms of Winograd's convolution F(4x4, 3x3) along one axis, written once for scalars and vectors.
// There is no include guard: who includes this does so as for kernel/functions.hpp, in a namespace that has
// operators and `multiply_add` for the number type X and defines SALIENT_FUNCTION (function attributes).

/// Along one axis, a tile has four outputs, which depend on six inputs.
inline constexpr int tile_outputs = 4, tile_inputs = 6;

/// Interpolation points are 0, a, -a, b, -b and infinity. With the usual 1 and 2 (Lavin and Gray 2016,
/// arXiv:1509.09308) results are three to four times as far off; these leave the error of a direct sum in
/// float32. All constants of the transforms of inputs and outputs are exact.
struct interpolation {
  static constexpr double a = 0.625, b = 1.5, a2 = a * a, b2 = b * b;
};

/// to = B^T x: values at the points of the polynomials that inputs stand for.
template <class X>
SALIENT_FUNCTION void transform_inputs(const X (&x)[6], X (&to)[6]) {
  using p = interpolation;
  const X product(p::a2 * p::b2), minus_sum(-p::a2 - p::b2), minus_a2(-p::a2), minus_b2(-p::b2);
  const X even_a = multiply_add(minus_b2, x[2], x[4]), odd_a = multiply_add(minus_b2, x[1], x[3]);
  const X even_b = multiply_add(minus_a2, x[2], x[4]), odd_b = multiply_add(minus_a2, x[1], x[3]);
  to[0] = multiply_add(product, x[0], multiply_add(minus_sum, x[2], x[4]));
  to[1] = multiply_add(X(p::a), odd_a, even_a);
  to[2] = multiply_add(X(-p::a), odd_a, even_a);
  to[3] = multiply_add(X(p::b), odd_b, even_b);
  to[4] = multiply_add(X(-p::b), odd_b, even_b);
  to[5] = multiply_add(product, x[1], multiply_add(minus_sum, x[3], x[5]));
}

/// to = G w
template <class X>
SALIENT_FUNCTION void transform_weights(const X (&w)[3], X (&to)[6]) {
  using p = interpolation;
  constexpr double at_a = 1 / (2 * p::a2 * (p::a2 - p::b2)), at_b = 1 / (2 * p::b2 * (p::b2 - p::a2));
  const X even_a = multiply_add(X(p::a2 * at_a), w[2], X(at_a) * w[0]);
  const X even_b = multiply_add(X(p::b2 * at_b), w[2], X(at_b) * w[0]);
  to[0] = X(1 / (p::a2 * p::b2)) * w[0];
  to[1] = multiply_add(X(p::a * at_a), w[1], even_a);
  to[2] = multiply_add(X(-p::a * at_a), w[1], even_a);
  to[3] = multiply_add(X(p::b * at_b), w[1], even_b);
  to[4] = multiply_add(X(-p::b * at_b), w[1], even_b);
  to[5] = w[2];
}

/// to = A^T m
template <class X>
SALIENT_FUNCTION void transform_outputs(const X (&m)[6], X (&to)[4]) {
  using p = interpolation;
  const X even_a = m[1] + m[2], odd_a = m[1] - m[2], even_b = m[3] + m[4], odd_b = m[3] - m[4];
  to[0] = m[0] + even_a + even_b;
  to[1] = multiply_add(X(p::a), odd_a, X(p::b) * odd_b);
  to[2] = multiply_add(X(p::a2), even_a, X(p::b2) * even_b);
  to[3] = multiply_add(X(p::a2 * p::a), odd_a, multiply_add(X(p::b2 * p::b), odd_b, m[5]));
}
