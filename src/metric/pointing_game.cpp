// SPDX-License-Identifier: MIT
#include "salient/metric/pointing_game.hpp"

#include <algorithm>
#include <cmath>

#include "metric/mask.hpp"
#include "salient/core/finite.hpp"

namespace salient::metrics {
namespace {

/// Whether the object has a pixel within `reach` pixels of (row, column).
bool near_object(const tensor& mask, long n, long row, long column, double reach) {
  for (int y = 0; y < mask.extent.height; ++y)
    for (int x = 0; x < mask.extent.width; ++x)
      if (mask(n, y, x, 0) != 0 &&
          std::hypot(static_cast<double>(y - row), static_cast<double>(x - column)) <= reach)
        return true;
  return false;
}

}  // namespace

template <class T>
values pointing_game(const basic_tensor<T>& map, const tensor& mask, double tolerance) {
  detail::check_mask(mask, "pointing_game");
  if (!is_finite(tolerance) || !(tolerance >= 0))
    throw error("pointing_game: the tolerance must be a number of pixels, at least 0, got " +
                std::to_string(tolerance));
  const basic_tensor<double> planes = detail::relevance(map, size(mask.extent), mask.batch, "pointing_game");
  values result;
  for (long n = 0; n < mask.batch; ++n) {
    const auto pixels = planes.image(n);
    if (detail::object_pixels(mask, n) == 0 || detail::constant(pixels)) {
      result.emplace_back();
      continue;
    }
    const long at = std::ranges::max_element(pixels) - pixels.begin();
    const long row = at / mask.extent.width, column = at % mask.extent.width;
    result.emplace_back(near_object(mask, n, row, column, tolerance) ? 1.0 : 0.0);
  }
  return result;
}

template values pointing_game(const basic_tensor<float>&, const tensor&, double);
template values pointing_game(const basic_tensor<double>&, const tensor&, double);

}  // namespace salient::metrics
