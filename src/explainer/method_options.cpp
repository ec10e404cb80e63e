// SPDX-License-Identifier: MIT
#include "explainer/method_options.hpp"

#include <algorithm>
#include <utility>

#include "explainer/option_text.hpp"

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

}  // namespace

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
      } else if (const option_value value = to_option(*o, f.text); value != option_value()) {
        o->set(to, value);
      } else {
        const std::string whose = f.options.size() > 1 ? " for " + std::string(words_of(o->method).name) : "";
        line.wrong_usage(f.name + ": must be " + expected_of(*o) + whose + ", got '" + f.text + "'");
      }
    }
    if (!used) line.wrong_usage(f.name + " needs --method " + names_of(have));
  }
}

}  // namespace salient::explainer
