// SPDX-License-Identifier: MIT

// The element-wise functions of salient/kernel/epilogue.hpp and their derivatives, written once for scalars
// and vectors. There is no include guard: kernel/epilogue.hpp includes this for float and double,
// kernel/direct/epilogue.hpp once for each instruction set. Each includes it in its own namespace, which
// defines SALIENT_FUNCTION (function attributes) and, for its number type X: operators, `select`,
// `multiply_add`, `magnitude`, `exponential`, `exponential_minus_1`, `logarithm_1_plus`, `hyperbolic_tangent`
// and `error_function`.
//
// A comparison that is false leaves the operand unchanged, so that NaN stays NaN.

template <class X>
SALIENT_FUNCTION X at_least(X bound, X v) {
  return select(v < bound, bound, v);
}
template <class X>
SALIENT_FUNCTION X at_most(X bound, X v) {
  return select(bound < v, bound, v);
}

/// 1 / (1 + exp(-v)); the exponential cannot overflow.
template <class X>
SALIENT_FUNCTION X logistic(X v) {
  const X e = exponential(-magnitude(v));
  return select(v < X(0), e, X(1)) / (X(1) + e);
}

/// A function's parameters; `slope` is for prelu.
template <class X>
struct function_parameters {
  X a, b, slope;
};

/// A piecewise linear function: its value, and whether v is on the piece whose mask bit is set
/// (epilogue.hpp: activation::mask).
template <class X>
struct piece {
  X value;
  decltype(X(0) < X(0)) open;
};

template <class X>
SALIENT_FUNCTION piece<X> piecewise(function f, X v, const function_parameters<X>& p) {
  switch (f) {
    case function::clip:
      return {at_most(p.b, at_least(p.a, v)), both(p.a < v, v < p.b)};
    case function::leaky_relu:
      return {select(X(0) < v, v, p.a * v), X(0) < v};
    case function::prelu:
      return {select(X(0) < v, v, p.slope * v), X(0) < v};
    case function::hard_sigmoid: {
      const X line = multiply_add(p.a, v, p.b);
      return {at_most(X(1), at_least(X(0), line)), both(X(0) < line, line < X(1))};
    }
    default:  // relu
      return {at_least(X(0), v), X(0) < v};
  }
}

/// A smooth function: its value and its derivative.
template <class X>
struct tangent {
  X value, derivative;
};

template <class X>
SALIENT_FUNCTION tangent<X> smooth(function f, X v, const function_parameters<X>& p) {
  constexpr double sqrt_half = 0.70710678118654752440, sqrt_2_over_pi = 0.79788456080286535588;
  const X zero(0), half(0.5), one(1);
  switch (f) {
    case function::sigmoid: {
      const X s = logistic(v);
      return {s, s * (one - s)};
    }
    case function::tanh: {
      const X t = hyperbolic_tangent(v);
      return {t, one - t * t};
    }
    case function::silu: {
      const X s = logistic(v);
      return {v * s, s * multiply_add(v, one - s, one)};
    }
    case function::hard_swish: {
      const X line = at_most(X(6), at_least(zero, v + X(3)));
      const X inner = multiply_add(v, X(1.0 / 3), half);
      return {v * line * X(1.0 / 6), select(X(-3) < v, select(v < X(3), inner, one), zero)};
    }
    case function::gelu: {
      const X phi = multiply_add(half, error_function(v * X(sqrt_half)), half);
      const X density = X(0.5 * sqrt_2_over_pi) * exponential(-half * v * v);
      return {v * phi, multiply_add(v, density, phi)};
    }
    case function::gelu_tanh: {
      const X square = v * v;
      const X t = hyperbolic_tangent(X(sqrt_2_over_pi) * v * multiply_add(X(0.044715), square, one));
      const X inner = X(sqrt_2_over_pi) * multiply_add(X(3 * 0.044715), square, one);
      const X above = half * (one + t);
      return {v * above, multiply_add(half * v * (one - t * t), inner, above)};
    }
    case function::elu: {
      const X below = at_most(zero, v);
      return {select(zero < v, v, p.a * exponential_minus_1(below)),
              select(zero < v, one, p.a * exponential(below))};
    }
    default: {  // softplus: max(u, 0) + log(1 + exp(-|u|)), divided by a; does not overflow
      const X u = p.a * v;
      const X soft = at_least(zero, u) + logarithm_1_plus(exponential(-magnitude(u)));
      return {select(p.b < u, v, soft / p.a), select(p.b < u, one, logistic(u))};
    }
  }
}
