// SPDX-License-Identifier: MIT
#include "explainer/method_options.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "salient/explainer/numbers.hpp"

namespace salient::explainer {
namespace {

/// "Steps of the path (integrated_gradients)". Methods that say or preset something else have a sentence
/// each.
std::string help_of(const std::vector<const listed_option*>& options) {
  std::string text;
  std::vector<const listed_option*> left = options;
  while (!left.empty()) {
    const listed_option& first = *left[0];
    const auto alike = [&](const listed_option* o) {
      return o->help == first.help && o->preset == first.preset;
    };
    std::string methods;
    for (const listed_option* o : left)
      if (alike(o)) methods += (methods.empty() ? "" : ", ") + std::string(words_of(o->method).name);
    std::erase_if(left, alike);
    const bool several = !text.empty() || !left.empty();
    const std::string preset = several ? text_of(first.preset) : "";
    text += (text.empty() ? "" : "; ") + std::string(first.help) + " (" + methods +
            (preset.empty() ? "" : ", default " + preset) + ")";
  }
  return text;
}

constexpr std::string_view alignment_name = "alignment";

limits limits_of(const listed_option& o) {
  return {.lowest = o.range.lowest, .highest = o.range.highest, .above = o.range.above};
}

/// What the text of a number must be.
std::string expected(const listed_option& o) {
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

/// The value of a text that is a number in its range, or a size; otherwise nothing.
option_value parsed(const listed_option& o, const std::string& text) {
  if (o.kind == option_kind::extent) return parsed_size(text);
  const auto numbers = to_numbers(text);
  if (numbers.size() != 1 || !limits_of(o).hold(numbers[0])) return {};
  if (o.kind == option_kind::whole) return whole_number<std::int64_t>(text);
  if (o.kind == option_kind::natural) return whole_number<std::uint64_t>(text);
  return numbers[0];
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

std::string flag_of(const listed_option& option) {
  std::string name(option.name);
  std::ranges::replace(name, '_', '-');
  return (option.preset == option_value(true) ? "--no-" : "--") + name;
}

std::string names_of(std::span<const method_kind> methods) {
  std::string names;
  for (std::size_t i = 0; i < methods.size(); ++i)
    names += (i == 0 ? "" : i + 1 == methods.size() ? " or " : ", ") + std::string(words_of(methods[i]).name);
  return names;
}

method_options::method_options(command_line& line, const network_facts& network) {
  for (const listed_option& o : listed_options()) {
    if (network.apply(o.method)) flag_named(flag_of(o)).options.push_back(&o);
  }
  for (std::size_t m = 0; m < methods_count; ++m) {
    const auto method = static_cast<method_kind>(m);
    if (!network.apply(method) || !words_of(method).of_layer) continue;
    listed_option& o = drawn_.emplace_back();
    o.method = method, o.name = alignment_name, o.help = map_alignment_help, o.kind = option_kind::word;
    for (const auto& [word, meaning] : map_alignment_words) o.words.push_back(word);
    o.preset = o.words[0];
    flag_named(flag_of(o)).options.push_back(&o);
  }
  for (flag& f : flags_) declare(line, f);
}

method_options::flag& method_options::flag_named(const std::string& name) {
  const auto known = std::ranges::find(flags_, name, &flag::name);
  return known == flags_.end() ? flags_.emplace_back(flag{name, {}, {}, false}) : *known;
}

map_alignment method_options::alignment() const {
  const auto f = std::ranges::find(flags_, "--" + std::string(alignment_name), &flag::name);
  if (f != flags_.end())
    for (const auto& [word, meaning] : map_alignment_words)
      if (word == f->text) return meaning;
  return map_alignment::stretch;
}

void method_options::declare(command_line& line, flag& f) {
  const std::string help = help_of(f.options);
  const listed_option& first = *f.options[0];
  const bool one_preset =
      std::ranges::all_of(f.options, [&](const listed_option* o) { return o->preset == first.preset; });
  if (one_preset) f.text = text_of(first.preset);
  if (first.kind == option_kind::flag) {
    line.flag(f.name, help, f.given);
  } else if (first.kind == option_kind::word) {
    line.choice(f.name, help, f.text, std::vector<std::string>(first.words.begin(), first.words.end()));
  } else {
    const std::string value = first.kind == option_kind::number   ? " X"
                              : first.kind == option_kind::extent ? " HxW"
                                                                  : " N";
    line.option(f.name + value, help, f.text);
  }
}

void method_options::set(const command_line& line, std::span<const method_kind> asked,
                         method_settings& to) const {
  for (const flag& f : flags_) {
    if (!line.given(f.name)) continue;
    std::vector<method_kind> have;
    bool used = false;
    for (const listed_option* o : f.options) {
      have.push_back(o->method);
      if (std::ranges::find(asked, o->method) == asked.end()) continue;
      used = true;
      if (!o->set) continue;  // of drawing
      if (o->kind == option_kind::flag) {
        o->set(to, o->preset != option_value(true));
      } else if (o->kind == option_kind::word) {
        o->set(to, *std::ranges::find(o->words, f.text));
      } else if (const option_value value = parsed(*o, f.text); value != option_value()) {
        o->set(to, value);
      } else {
        const std::string whose = f.options.size() > 1 ? " for " + std::string(words_of(o->method).name) : "";
        line.wrong_usage(f.name + ": must be " + expected(*o) + whose + ", got '" + f.text + "'");
      }
    }
    if (!used) line.wrong_usage(f.name + " needs --method " + names_of(have));
  }
}

}  // namespace salient::explainer
