// SPDX-License-Identifier: MIT
#include "salient/core/philox.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>

namespace salient {
namespace {

/// The two uniform numbers of a block: those of elements 2 block and 2 block + 1.
std::array<double, 2> pair(const random_numbers& r, std::uint64_t block) {
  assert(block < random_numbers::elements / 2);
  const auto w =
      philox({static_cast<std::uint32_t>(block), r.sample, r.image, static_cast<std::uint32_t>(r.use)},
             {static_cast<std::uint32_t>(r.seed), static_cast<std::uint32_t>(r.seed >> 32)});
  const auto between = [](std::uint32_t low, std::uint32_t high) {
    const std::uint64_t bits = (std::uint64_t{high} << 32 | low) >> 12;
    return (static_cast<double>(bits) + 0.5) * 0x1p-52;
  };
  return {between(w[0], w[1]), between(w[2], w[3])};
}

/// -log(p) for a normal number p in (0, 1). Not libm's, whose last bits differ between platforms.
double minus_log(double p) {
  const auto bits = std::bit_cast<std::uint64_t>(p);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  auto m = std::bit_cast<double>((bits & 0xf'ffff'ffff'ffffu) | 0x3ff0'0000'0000'0000u);
  if (m > std::numbers::sqrt2) m /= 2, ++exponent;
  // log m = 2 artanh s, whose series ends here at 1e-17 for |s| <= 0.172.
  const double s = (m - 1) / (m + 1), square = s * s;
  double sum = 0;
  for (int k = 21; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
  return -(exponent * std::numbers::ln2 + 2 * s * sum);
}

double polynomial(const double (&coefficients)[8], double x) {
  double sum = 0;
  for (const double c : coefficients) sum = sum * x + c;
  return sum;
}

template <class F>
void fill(const random_numbers& r, std::span<double> values, std::uint64_t first, const F& f) {
  for (std::size_t i = 0; i < values.size();) {
    const std::uint64_t element = first + i;
    const auto two = pair(r, element / 2);
    if (element % 2 == 0) values[i++] = f(two[0]);
    if (i < values.size()) values[i++] = f(two[1]);
  }
}

}  // namespace

double normal_quantile(double p) {
  constexpr double middle_above[]{
      2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4, 4.5921953931549871457e+4,
      1.3731693765509461125e+4, 1.9715909503065514427e+3, 1.3314166789178437745e+2, 3.3871328727963666080e+0};
  constexpr double middle_below[]{
      5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
      5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1.0};
  constexpr double near_above[]{7.7454501427834140764e-4,  2.27238449892691845833e-2,
                                2.41780725177450611770e-1, 1.27045825245236838258e+0,
                                3.64784832476320460504e+0, 5.76949722146069140550e+0,
                                4.63033784615654529590e+0, 1.42343711074968357734e+0};
  constexpr double near_below[]{1.05075007164441684324e-9, 5.47593808499534494600e-4,
                                1.51986665636164571966e-2, 1.48103976427480074590e-1,
                                6.89767334985100004550e-1, 1.67638483018380384940e+0,
                                2.05319162663775882187e+0, 1.0};
  constexpr double far_above[]{2.01033439929228813265e-7, 2.71155556874348757815e-5,
                               1.24266094738807843860e-3, 2.65321895265761230930e-2,
                               2.96560571828504891230e-1, 1.78482653991729133580e+0,
                               5.46378491116411436990e+0, 6.65790464350110377720e+0};
  constexpr double far_below[]{2.04426310338993978564e-15, 1.42151175831644588870e-7,
                               1.84631831751005468180e-5,  7.86869131145613259100e-4,
                               1.48753612908506148525e-2,  1.36929880922735805310e-1,
                               5.99832206555887937690e-1,  1.0};
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(middle_above, r) / polynomial(middle_below, r);
  }
  const double r = std::sqrt(minus_log(q < 0 ? p : 1 - p));
  const double tail = r <= 5 ? polynomial(near_above, r - 1.6) / polynomial(near_below, r - 1.6)
                             : polynomial(far_above, r - 5) / polynomial(far_below, r - 5);
  return q < 0 ? -tail : tail;
}

double random_numbers::uniform(std::uint64_t element) const { return pair(*this, element / 2)[element % 2]; }

double random_numbers::normal(std::uint64_t element) const { return normal_quantile(uniform(element)); }

void random_numbers::uniforms(std::span<double> values, std::uint64_t first) const {
  fill(*this, values, first, [](double u) { return u; });
}

void random_numbers::normals(std::span<double> values, std::uint64_t first) const {
  fill(*this, values, first, normal_quantile);
}

}  // namespace salient
