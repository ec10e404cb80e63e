// SPDX-License-Identifier: MIT
#include "salient/metric/confidence.hpp"

#include <algorithm>
#include <string>

#include "salient/core/error.hpp"

namespace salient::metrics {
namespace {

void check(const confidences& of, const std::string& who) {
  if (of.whole.size() != of.explained.size())
    throw error(who + ": needs both probabilities of every image, got " + std::to_string(of.whole.size()) +
                " of whole images and " + std::to_string(of.explained.size()) + " of explained ones");
}

}  // namespace

values average_drop(const confidences& of) {
  check(of, "average_drop");
  values result;
  for (std::size_t n = 0; n < of.whole.size(); ++n) {
    const double whole = of.whole[n];
    if (of.explained[n] && whole > 0)
      result.emplace_back(std::max(0.0, whole - *of.explained[n]) / whole);
    else
      result.emplace_back();
  }
  return result;
}

values increase_in_confidence(const confidences& of) {
  check(of, "increase_in_confidence");
  values result;
  for (std::size_t n = 0; n < of.whole.size(); ++n) {
    if (of.explained[n])
      result.emplace_back(*of.explained[n] > of.whole[n] ? 1.0 : 0.0);
    else
      result.emplace_back();
  }
  return result;
}

namespace detail {

void scale_to_unit(std::span<double> pixels) {
  const auto [least, most] = std::ranges::minmax(pixels);
  for (double& pixel : pixels) pixel = (pixel - least) / (most - least);
}

}  // namespace detail
}  // namespace salient::metrics
