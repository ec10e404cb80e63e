// SPDX-License-Identifier: MIT
#include "evidence/shape_figures.hpp"

#include <algorithm>
#include <cmath>

#include "salient/core/resample.hpp"
#include "salient/metric/total_variation.hpp"
#include "salient/train/random.hpp"
#include "salient/view/reduce.hpp"

namespace evidence {
namespace {

using salient::metrics::values;

/// One value for each pixel of the image, the sum of the channels.
salient::tensor relevance(const salient::tensor& maps, salient::shape image) {
  salient::tensor flat = salient::channel_sum(maps);
  if (flat.extent.height == image.height && flat.extent.width == image.width) return flat;
  return salient::resample(flat, {image.height, image.width});
}

}  // namespace

values roughness(const salient::tensor& maps, salient::shape image, std::uint64_t seed) {
  const salient::tensor magnitudes = relevance(salient::absolute(maps), image);
  salient::tensor mixed = magnitudes;
  for (long n = 0; n < mixed.batch; ++n)
    salient::random(seed + static_cast<std::uint64_t>(n)).shuffle(mixed.image(n));
  values result = salient::metrics::total_variation(magnitudes);
  const values noise = salient::metrics::total_variation(mixed);
  for (std::size_t n = 0; n < result.size(); ++n)
    result[n] = result[n] && noise[n] && *noise[n] > 0 ? std::optional(*result[n] / *noise[n]) : std::nullopt;
  return result;
}

values negative_share(const salient::tensor& maps) {
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

values sees_against(const salient::tensor& maps, salient::shape image,
                    const std::vector<std::vector<double>>& adds) {
  const salient::tensor flat = relevance(maps, image);
  values result;
  for (long n = 0; n < flat.batch; ++n) {
    const auto map = flat.image(n);
    double seen = 0, all = 0;
    for (std::size_t i = 0; i < map.size(); ++i) {
      const double against = std::max(0.0, -adds[static_cast<std::size_t>(n)][i]);
      all += against;
      if (map[i] < 0) seen += against;
    }
    result.push_back(all > 0 ? std::optional(seen / all) : std::nullopt);
  }
  return result;
}

values blind_spots(const salient::tensor& maps, salient::shape image,
                   const std::vector<std::vector<double>>& adds) {
  constexpr double counts = 0.1, seen = 0.01;
  const auto smaller = [](double a, double b) { return std::abs(a) < std::abs(b); };
  const salient::tensor flat = relevance(maps, image);
  values result;
  for (long n = 0; n < flat.batch; ++n) {
    const auto map = flat.image(n);
    const auto& change = adds[static_cast<std::size_t>(n)];
    const double most = std::abs(*std::ranges::max_element(change, smaller)),
                 largest = std::abs(*std::ranges::max_element(map, smaller));
    long all = 0, blind = 0;
    for (std::size_t i = 0; i < map.size(); ++i) {
      if (change[i] == 0 || std::abs(change[i]) < counts * most) continue;
      ++all;
      if (std::abs(static_cast<double>(map[i])) < seen * largest) ++blind;
    }
    result.push_back(all > 0 && largest > 0
                         ? std::optional(static_cast<double>(blind) / static_cast<double>(all))
                         : std::nullopt);
  }
  return result;
}

}  // namespace evidence
