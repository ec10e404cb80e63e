// SPDX-License-Identifier: MIT
#include "common/numbers.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace apps {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value + 0.0);  // -0 is 0
  return text;
}

std::string percent(double share) {
  if (!std::isfinite(share)) return "undefined";
  char text[400];  // a share may be as large as a double
  std::snprintf(text, sizeof text, "%.2f %%", 100 * share);
  return text;
}

std::optional<float> to_number(const std::string& text) {
  float value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || rest != end) return std::nullopt;
  return value;
}

std::vector<double> to_numbers(const std::string& text) {
  std::vector<double> all;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data();; ++at) {
    double value = 0;
    const auto [rest, failure] = std::from_chars(at, end, value);
    if (failure != std::errc() || (rest != end && *rest != ',')) return {};
    all.push_back(value);
    if (rest == end) return all;
    at = rest;
  }
}

}  // namespace apps
