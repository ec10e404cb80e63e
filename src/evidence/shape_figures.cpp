// SPDX-License-Identifier: MIT
#include "evidence/shape_figures.hpp"

#include <algorithm>
#include <cmath>

#include "salient/core/resample.hpp"
#include "salient/metric/total_variation.hpp"
#include "salient/train/random.hpp"
#include "salient/view/reduce.hpp"

namespace salient::evidence {
namespace {

using metrics::values;

/// One value for each pixel of the image, the sum of the channels.
tensor relevance(const tensor& maps, shape image) {
  tensor flat = channel_sum(maps);
  if (flat.extent.height == image.height && flat.extent.width == image.width) return flat;
  return resample(flat, {image.height, image.width});
}

/// The relevance of each square of each image.
std::vector<std::vector<double>> cells(const tensor& maps, shape image) {
  const tensor flat = relevance(maps, image);
  const cell_grid grid(image);
  std::vector<std::vector<double>> sums(static_cast<std::size_t>(flat.batch),
                                        std::vector<double>(grid.count()));
  for (long n = 0; n < flat.batch; ++n)
    for (int y = 0; y < image.height; ++y)
      for (int x = 0; x < image.width; ++x)
        sums[static_cast<std::size_t>(n)][grid.of(y, x)] += flat(n, y, x, 0);
  return sums;
}

}  // namespace

cell_grid::cell_grid(shape image)
    : side((std::max(image.height, image.width) + 31) / 32),
      rows((image.height + side - 1) / side),
      columns((image.width + side - 1) / side) {}

values roughness(const tensor& maps, shape image, std::uint64_t seed) {
  const tensor magnitudes = relevance(absolute(maps), image);
  tensor mixed = magnitudes;
  for (long n = 0; n < mixed.batch; ++n) random(seed + static_cast<std::uint64_t>(n)).shuffle(mixed.image(n));
  values result = metrics::total_variation(magnitudes);
  const values noise = metrics::total_variation(mixed);
  for (std::size_t n = 0; n < result.size(); ++n)
    result[n] = result[n] && noise[n] && *noise[n] > 0 ? std::optional(*result[n] / *noise[n]) : std::nullopt;
  return result;
}

values pixel_detail(const tensor& maps, shape image) {
  const tensor flat = relevance(maps, image);
  const long pixels = flat.extent.positions();
  values result;
  for (long n = 0; n < flat.batch; ++n) {
    double sum = 0, squares = 0, of_means = 0;  // of_means: squares of the map of means
    for (int y = 0; y < image.height; y += 2)
      for (int x = 0; x < image.width; x += 2) {
        double inside = 0;
        int count = 0;
        for (int v = y; v < std::min(y + 2, image.height); ++v)
          for (int u = x; u < std::min(x + 2, image.width); ++u, ++count) {
            const double value = flat(n, v, u, 0);
            inside += value;
            squares += value * value;
          }
        sum += inside;
        of_means += inside * inside / count;
      }
    const double variance = squares - sum * sum / static_cast<double>(pixels);
    // A constant map's variance is what rounding leaves of its squares.
    result.push_back(variance > 1e-12 * squares ? std::optional(std::max(0.0, squares - of_means) / variance)
                                                : std::nullopt);
  }
  return result;
}

values negative_share(const tensor& maps) {
  values result;
  for (long n = 0; n < maps.batch; ++n) {
    double negative = 0, all = 0;
    for (const float v : maps.image(n)) {
      all += std::abs(static_cast<double>(v));
      if (v < 0) negative -= v;
    }
    result.push_back(all > 0 ? std::optional(negative / all) : std::nullopt);
  }
  return result;
}

values sees_against(const tensor& maps, shape image, const std::vector<std::vector<double>>& adds) {
  const auto all_cells = cells(maps, image);
  values result;
  for (std::size_t n = 0; n < all_cells.size(); ++n) {
    const auto& map = all_cells[n];
    double seen = 0, all = 0;
    for (std::size_t i = 0; i < map.size(); ++i) {
      const double against = std::max(0.0, -adds[n][i]);
      all += against;
      if (map[i] < 0) seen += against;
    }
    result.push_back(all > 0 ? std::optional(seen / all) : std::nullopt);
  }
  return result;
}

values blind_spots(const tensor& maps, shape image, const std::vector<std::vector<double>>& adds) {
  constexpr double counts = 0.1, seen = 0.01;
  const auto smaller = [](double a, double b) { return std::abs(a) < std::abs(b); };
  const auto all_cells = cells(maps, image);
  values result;
  for (std::size_t n = 0; n < all_cells.size(); ++n) {
    const auto& map = all_cells[n];
    const auto& change = adds[n];
    const double most = std::abs(*std::ranges::max_element(change, smaller)),
                 largest = std::abs(*std::ranges::max_element(map, smaller));
    long all = 0, blind = 0;
    for (std::size_t i = 0; i < map.size(); ++i) {
      if (change[i] == 0 || std::abs(change[i]) < counts * most) continue;
      ++all;
      if (std::abs(map[i]) < seen * largest) ++blind;
    }
    result.push_back(all > 0 && largest > 0
                         ? std::optional(static_cast<double>(blind) / static_cast<double>(all))
                         : std::nullopt);
  }
  return result;
}

}  // namespace salient::evidence
