// SPDX-License-Identifier: MIT
#include "salient/explainer/numbers.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "salient/core/finite.hpp"

namespace salient::explainer {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value + 0.0);  // + 0.0 prints -0 as 0
  return text;
}

std::string percent(double share) {
  if (!salient::is_finite(share)) return "undefined";
  char text[400];  // large enough for the largest double
  std::snprintf(text, sizeof text, "%.2f %%", 100 * share);
  return text;
}

namespace {

/// Parses all of `text` by `parse` (strtof or strtod). std::from_chars would be simpler, but libc++ lacks it
/// for floating point before version 20. What else strtof accepts is rejected.
template <class T>
std::optional<T> parsed(const std::string& text, T (*parse)(const char*, char**)) {
  if (text.find_first_of(" \t\n\v\f\r+xX") == 0 || text.find_first_of("xX") != std::string::npos)
    return std::nullopt;
  char* rest = nullptr;
  errno = 0;
  const T value = parse(text.c_str(), &rest);
  if (text.empty() || rest != text.c_str() + text.size()) return std::nullopt;
  const bool out_of_range = errno == ERANGE && (value == 0 || std::isinf(value));
  return out_of_range ? std::nullopt : std::optional(value);
}

}  // namespace

std::optional<float> to_number(const std::string& text) { return parsed(text, std::strtof); }

std::vector<double> to_numbers(const std::string& text) {
  std::vector<double> all;
  for (std::size_t first = 0, end = 0; end != std::string::npos; first = end + 1) {
    end = text.find(',', first);
    const auto value = parsed(text.substr(first, end - first), std::strtod);
    if (!value) return {};
    all.push_back(*value);
  }
  return all;
}

}  // namespace salient::explainer
