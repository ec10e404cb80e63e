// SPDX-License-Identifier: MIT
#include "explainer/option_text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "salient/explainer/limits.hpp"
#include "salient/explainer/numbers.hpp"

namespace salient::explainer {
namespace {

limits limits_of(const listed_option& o) {
  return {.lowest = o.range.lowest, .highest = o.range.highest, .above = o.range.above};
}

/// Nothing if the text is not a number of this type.
template <class Whole>
option_value whole_number(const std::string& text) {
  Whole value{};
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, value);
  return failure == std::errc() && rest == end ? option_value(value) : option_value();
}

/// "4x6", or "4" for 4x4; nothing for other text.
option_value parsed_size(const std::string& text) {
  const std::size_t by = text.find('x');
  const auto side = [](const std::string& digits) {
    const option_value value = whole_number<std::int64_t>(digits);
    const std::int64_t* const found = std::get_if<std::int64_t>(&value);
    return found && *found >= 1 && *found <= std::numeric_limits<int>::max() ? static_cast<int>(*found) : 0;
  };
  const int height = side(text.substr(0, by));
  const int width = by == std::string::npos ? height : side(text.substr(by + 1));
  return height > 0 && width > 0 ? option_value(size(height, width)) : option_value();
}

}  // namespace

std::string text_of(const option_value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* natural = std::get_if<std::uint64_t>(&value)) return std::to_string(*natural);
  if (const auto* real = std::get_if<double>(&value)) return number(*real);
  if (const auto* word = std::get_if<std::string_view>(&value)) return std::string(*word);
  if (const auto* s = std::get_if<size>(&value))
    return std::to_string(s->height) + "x" + std::to_string(s->width);
  return {};
}

std::string expected_of(const listed_option& o) {
  if (o.kind == option_kind::flag) return "true or false";
  if (o.kind == option_kind::word) {
    std::string all;
    for (const std::string_view word : o.words) all += (all.empty() ? "" : "|") + std::string(word);
    return "one of " + all;
  }
  if (o.kind == option_kind::number) return limits_of(o).text();
  if (o.kind == option_kind::extent)
    return "a height and a width from 1, such as 4x6, or one number for both";
  // The bounds of 64 bits say nothing to a reader.
  limits shown = limits_of(o);
  constexpr double huge = 9e18;
  if (shown.lowest < -huge) shown.lowest = -std::numeric_limits<double>::infinity();
  if (shown.highest > huge) shown.highest = std::numeric_limits<double>::infinity();
  const bool bounded = shown.lowest >= -huge || shown.highest <= huge;
  return bounded ? "a whole number, " + shown.text() : "a whole number";
}

option_value to_option(const listed_option& o, const std::string& text) {
  if (o.kind == option_kind::flag)
    return text == "true" || text == "false" ? option_value(text == "true") : option_value();
  if (o.kind == option_kind::word) {
    const auto word = std::ranges::find(o.words, text);
    return word == o.words.end() ? option_value() : option_value(*word);
  }
  if (o.kind == option_kind::extent) return parsed_size(text);
  const auto numbers = to_numbers(text);
  if (numbers.size() != 1 || !limits_of(o).hold(numbers[0])) return {};
  if (o.kind == option_kind::whole) return whole_number<std::int64_t>(text);
  if (o.kind == option_kind::natural) return whole_number<std::uint64_t>(text);
  return numbers[0];
}

}  // namespace salient::explainer
