// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"
#include "salient/method/option.hpp"

namespace salient {

/// Rules to approximate an integral over [0, 1] with n steps. The weights of every rule sum to 1.
enum class quadrature {
  gauss_legendre,  ///< n points; exact for polynomials up to degree 2n - 1
  midpoint,        ///< n points, the midpoints of n intervals
  trapezoid,       ///< n intervals, n + 1 points
  left,            ///< n points, the left ends
  right,           ///< n points, the right ends
};

/// Their words on command lines.
inline constexpr auto quadrature_words =
    std::to_array<option_word<quadrature>>({{"gauss-legendre", quadrature::gauss_legendre},
                                            {"midpoint", quadrature::midpoint},
                                            {"trapezoid", quadrature::trapezoid},
                                            {"left", quadrature::left},
                                            {"right", quadrature::right}});

struct nodes {
  std::vector<double> positions;  ///< increasing, in [0, 1]
  std::vector<double> weights;
};

inline constexpr int most_quadrature_steps = 100'000;

/// Throws salient::error unless 1 <= steps <= 100,000.
SALIENT_EXPORT nodes make_nodes(quadrature rule, int steps);

}  // namespace salient
