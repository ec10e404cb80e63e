// SPDX-License-Identifier: MIT
#include "salient/method/quadrature.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "salient/core/error.hpp"

namespace salient {
namespace {

/// Roots of the Legendre polynomial P_n by Newton's method from Tricomi's estimate, mapped from [-1,
/// 1] to [0, 1].
nodes gauss_legendre(int n) {
  nodes result{std::vector<double>(static_cast<std::size_t>(n)),
               std::vector<double>(static_cast<std::size_t>(n))};
  for (int i = 0; i < (n + 1) / 2; ++i) {
    double x = std::cos(std::numbers::pi * (i + 0.75) / (n + 0.5)), slope = 1;
    for (int iteration = 0; iteration < 100; ++iteration) {
      double p = 1, before = 0;
      for (int k = 1; k <= n; ++k) {
        const double next = ((2.0 * k - 1) * x * p - (k - 1.0) * before) / k;
        before = p;
        p = next;
      }
      slope = n * (x * p - before) / (x * x - 1);
      const double step = p / slope;
      x -= step;
      if (std::abs(step) < 1e-15) break;
    }
    const double weight = 1 / ((1 - x * x) * slope * slope);
    const auto low = static_cast<std::size_t>(i), high = static_cast<std::size_t>(n - 1 - i);
    result.positions[low] = (1 - x) / 2;
    result.positions[high] = (1 + x) / 2;
    result.weights[low] = result.weights[high] = weight;
  }
  return result;
}

}  // namespace

nodes make_nodes(quadrature rule, int steps) {
  if (steps < 1 || steps > most_quadrature_steps)
    throw error("integrated gradients: steps must be between 1 and " + std::to_string(most_quadrature_steps) +
                ", got " + std::to_string(steps));
  if (rule == quadrature::gauss_legendre) return gauss_legendre(steps);
  nodes result;
  const int points = rule == quadrature::trapezoid ? steps + 1 : steps;
  const double offset = rule == quadrature::midpoint ? 0.5 : rule == quadrature::right ? 1.0 : 0.0;
  for (int i = 0; i < points; ++i) {
    result.positions.push_back((i + offset) / steps);
    const bool end = rule == quadrature::trapezoid && (i == 0 || i == steps);
    result.weights.push_back((end ? 0.5 : 1.0) / steps);
  }
  return result;
}

}  // namespace salient
