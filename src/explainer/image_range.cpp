// SPDX-License-Identifier: MIT
#include "salient/explainer/image_range.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "salient/core/error.hpp"

namespace salient::explainer {
namespace {

/// The number that the digits are, the largest for one that is larger.
long number_of(const std::string& digits) {
  long number = 0;
  const auto [rest, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return failure == std::errc() ? number : std::numeric_limits<long>::max();
}

}  // namespace

std::optional<image_range> range_of(const std::string& text, long count, const std::string& whose) {
  const std::size_t colon = text.find(':');
  const bool one = colon == std::string::npos;
  const std::string from = text.substr(0, colon), to = one ? "" : text.substr(colon + 1);
  const auto digits = [](const std::string& part) {
    return std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (text.empty() || !digits(from) || !digits(to)) return {};
  const long first = from.empty() ? 0 : number_of(from);
  const long end = one ? std::min(first, count) + 1 : to.empty() ? count : number_of(to);
  if (first >= count || end > count || first >= end)
    throw error(whose + " 0 to " + std::to_string(count - 1) + ", got " + text +
                "; name images that are there");
  return image_range{first, end - first};
}

}  // namespace salient::explainer
