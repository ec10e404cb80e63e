// SPDX-License-Identifier: MIT
#include "evidence/pairs.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "salient/core/resample.hpp"

namespace salient::evidence {
namespace {

tensor narrow(const tensor& images, int to) {
  const auto [height, width, channels] = images.extent;
  const int kept = static_cast<int>(std::lround(5 * width / 7.0)), margin = (width - kept) / 2;
  tensor middle({height, kept, channels}, images.batch);
  for (long n = 0; n < images.batch; ++n)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < kept; ++x)
        for (int c = 0; c < channels; ++c) middle(n, y, x, c) = images(n, y, x + margin, c);
  return resample(middle, {height, to});
}

/// Whether these are the two largest of the scores.
bool lead(std::span<const float> scores, int a, int b) {
  const auto of = [&](int c) { return scores[static_cast<std::size_t>(c)]; };
  const float least = std::min(of(a), of(b));
  return std::ranges::count_if(scores, [&](float z) { return z >= least; }) == 2;
}

}  // namespace

tensor side_by_side(const tensor& left, const tensor& right) {
  const shape extent = left.extent;
  const int half = extent.width / 2;
  const std::array halves{narrow(left, half), narrow(right, extent.width - half)};
  tensor both(extent, left.batch);
  for (long n = 0; n < both.batch; ++n)
    for (int y = 0; y < extent.height; ++y)
      for (int x = 0; x < extent.width; ++x)
        for (int c = 0; c < extent.channels; ++c)
          both(n, y, x, c) = x < half ? halves[0](n, y, x, c) : halves[1](n, y, x - half, c);
  return both;
}

image_pairs find_pairs(const subject& network, const sample& of, const std::vector<int>& predicted) {
  image_pairs found;
  found.images.extent = of.images.extent;
  const auto next = [&](long n) { return (n + 1) % of.images.batch; };
  const auto label = [&](long n) {
    const auto at = static_cast<std::size_t>(n);
    return of.labels[at] >= 0 ? of.labels[at] : predicted[at];
  };
  for (long n = 0; n < of.images.batch; ++n) {
    if (label(n) == label(next(n))) continue;
    ++found.pairs;
    const tensor both = side_by_side(of.images.slice(n, 1), of.images.slice(next(n), 1));
    if (!lead(network.scores(both).image(0), label(n), label(next(n)))) continue;
    found.left.push_back(label(n));
    found.right.push_back(label(next(n)));
    found.images.values.insert(found.images.values.end(), both.values.begin(), both.values.end());
    ++found.images.batch;
  }
  return found;
}

tensor half_mask(shape image, long count, bool left) {
  tensor mask({image.height, image.width, 1}, count);
  for (long n = 0; n < count; ++n)
    for (int y = 0; y < image.height; ++y)
      for (int x = 0; x < image.width; ++x) mask(n, y, x, 0) = (x < image.width / 2) == left ? 1.0F : 0.0F;
  return mask;
}

metrics::values means(const metrics::values& a, const metrics::values& b) {
  metrics::values result;
  for (std::size_t k = 0; k < a.size(); ++k)
    result.push_back(a[k] && b[k] ? std::optional((*a[k] + *b[k]) / 2) : std::nullopt);
  return result;
}

}  // namespace salient::evidence
