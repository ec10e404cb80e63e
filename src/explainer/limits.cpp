// SPDX-License-Identifier: MIT
#include "salient/explainer/limits.hpp"

#include <cstdio>

#include "salient/core/finite.hpp"

namespace salient::explainer {

namespace {

std::string plain(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

}  // namespace

bool limits::hold(double value) const {
  return salient::is_finite(value) && value >= lowest && value <= highest && !(above && value == lowest) &&
         !(below && value == highest);
}

std::string limits::text() const {
  const bool from = salient::is_finite(lowest), to = salient::is_finite(highest);
  if (from && to && !above && !below) return plain(lowest) + " to " + plain(highest);
  std::string result = from ? (above ? "above " : "at least ") + plain(lowest) : "";
  if (to) result += (from ? " and " : "") + std::string(below ? "below " : "at most ") + plain(highest);
  return result.empty() ? "a finite number" : result;
}

}  // namespace salient::explainer
