// SPDX-License-Identifier: MIT
#include "evidence/two_digits.hpp"

#include <algorithm>
#include <array>

#include "salient/core/resample.hpp"

namespace evidence {
namespace {

constexpr int side = 28, half = side / 2, inked = 20, margin = (side - inked) / 2;

salient::tensor narrow(const salient::tensor& digits) {
  salient::tensor middle({side, inked, 1}, digits.batch);
  for (long n = 0; n < digits.batch; ++n)
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < inked; ++x) middle(n, y, x, 0) = digits(n, y, x + margin, 0);
  return salient::resample(middle, {side, half});
}

/// Whether these are the two largest of the scores.
bool lead(std::span<const float> scores, int a, int b) {
  const auto of = [&](int c) { return scores[static_cast<std::size_t>(c)]; };
  const float least = std::min(of(a), of(b));
  return std::ranges::count_if(scores, [&](float z) { return z >= least; }) == 2;
}

}  // namespace

salient::tensor side_by_side(const salient::tensor& left, const salient::tensor& right) {
  const std::array halves{narrow(left), narrow(right)};
  salient::tensor both({side, side, 1}, left.batch);
  for (long n = 0; n < both.batch; ++n)
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) both(n, y, x, 0) = halves[x < half ? 0 : 1](n, y, x % half, 0);
  return both;
}

two_digits find_two_digits(const subject& network, const sample& of) {
  two_digits found;
  found.images.extent = of.images.extent;
  const auto next = [&](long n) { return (n + 1) % of.images.batch; };
  const auto label = [&](long n) { return of.labels[static_cast<std::size_t>(n)]; };
  for (long n = 0; n < of.images.batch; ++n) {
    if (label(n) == label(next(n))) continue;
    ++found.pairs;
    const salient::tensor both = side_by_side(of.images.slice(n, 1), of.images.slice(next(n), 1));
    if (!lead(network.scores(both).image(0), label(n), label(next(n)))) continue;
    found.left.push_back(label(n));
    found.right.push_back(label(next(n)));
    found.images.values.insert(found.images.values.end(), both.values.begin(), both.values.end());
    ++found.images.batch;
  }
  return found;
}

salient::tensor half_mask(long count, bool left) {
  salient::tensor mask({side, side, 1}, count);
  for (long n = 0; n < count; ++n)
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) mask(n, y, x, 0) = (x < half) == left ? 1.0F : 0.0F;
  return mask;
}

salient::metrics::values means(const salient::metrics::values& a, const salient::metrics::values& b) {
  salient::metrics::values result;
  for (std::size_t k = 0; k < a.size(); ++k)
    result.push_back(a[k] && b[k] ? std::optional((*a[k] + *b[k]) / 2) : std::nullopt);
  return result;
}

}  // namespace evidence
