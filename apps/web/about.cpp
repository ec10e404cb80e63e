// SPDX-License-Identifier: MIT
#include "web/about.hpp"

#include <string_view>

namespace web {
namespace {

/// For texts without control characters.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// [each(item), ...]
template <class Items, class F>
std::string list(const Items& items, const F& each) {
  std::string result = "[";
  for (const auto& item : items) result += (result.size() > 1 ? "," : "") + each(item);
  return result + "]";
}

std::string method(const salient::method_words& words) {
  return "{\"name\":" + quoted(words.name) + ",\"title\":" + quoted(words.title) +
         ",\"does\":" + quoted(words.does) + ",\"good\":" + quoted(words.good) +
         ",\"bad\":" + quoted(words.bad) + ",\"link\":" + quoted(words.link) +
         ",\"ofLayer\":" + (words.of_layer ? "true" : "false") + "}";
}

std::string network(const network_facts* facts) {
  const auto layer = [&](const salient::explainer::layer_choice& l) {
    return "{\"activation\":" + std::to_string(l.activation) +
           ",\"name\":" + quoted(describe(facts->layers, l)) + "}";
  };
  return "{\"name\":" + quoted(facts->name) + ",\"parameters\":" + std::to_string(facts->parameters) +
         ",\"lacks\":" + list(facts->lacks, quoted) + ",\"layers\":" + list(facts->layers.choices, layer) +
         "}";
}

}  // namespace

std::string about(std::span<const network_facts* const> networks) {
  return "{\"methods\":" + list(method_words, method) + ",\"networks\":" + list(networks, network) + "}";
}

}  // namespace web
