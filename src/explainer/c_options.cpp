// SPDX-License-Identifier: MIT
#include "explainer/c_options.hpp"

#include <algorithm>
#include <charconv>

#include "explainer/option_text.hpp"
#include "explainer/option_words.hpp"
#include "salient/core/error.hpp"

namespace salient::explainer {
namespace {

struct pair {
  std::string name, value;
};

std::vector<pair> pairs_of(const char* options) {
  constexpr std::string_view between = " \t\n,";
  const std::string_view text = options ? options : "";
  std::vector<pair> pairs;
  for (std::size_t at = text.find_first_not_of(between); at != text.npos;) {
    const std::size_t end = text.find_first_of(between, at);
    const std::string word(text.substr(at, end == text.npos ? end : end - at));
    const std::size_t equals = word.find('=');
    if (equals == word.npos || equals == 0)
      throw error("options: '" + word + "' is no name=value, such as steps=64");
    pair p{word.substr(0, equals), word.substr(equals + 1)};
    if (std::ranges::find(pairs, p.name, &pair::name) != pairs.end())
      throw error("options: '" + p.name + "' occurs twice");
    pairs.push_back(std::move(p));
    at = end == text.npos ? end : text.find_first_not_of(between, end);
  }
  return pairs;
}

[[noreturn]] void refuse(const pair& p, const std::string& expected) {
  throw error("options: " + p.name + " must be " + expected + ", got '" + p.value + "'");
}

/// Sets `to` by one of these words.
template <class Value>
void set(const pair& p, const option_words<Value>& words, Value& to) {
  std::string all;
  for (const auto& [word, meaning] : words) {
    if (p.value == word) {
      to = meaning;
      return;
    }
    all += (all.empty() ? "" : "|") + std::string(word);
  }
  refuse(p, "one of " + all);
}

template <class Whole>
void set(const pair& p, const limits& in, Whole& to) {
  const char* const end = p.value.data() + p.value.size();
  const auto [rest, failure] = std::from_chars(p.value.data(), end, to);
  if (failure != std::errc() || rest != end || !in.hold(static_cast<double>(to)))
    refuse(p, "a whole number, " + in.text());
}

}  // namespace

method_kind to_method(const char* name) {
  const auto found = std::ranges::find(all_method_words, std::string_view(name), &method_words::name);
  if (found == all_method_words.end())
    throw error("there is no method '" + std::string(name) + "'; salient_method() gives their names");
  return static_cast<method_kind>(found - all_method_words.begin());
}

c_opening to_opening(const char* options) {
  c_opening o;
  bool threads = false, arithmetic = false;
  for (const pair& p : pairs_of(options)) {
    if (p.name == "device") {
      set(p, device_words, o.where.device);
    } else if (p.name == "threads") {
      set(p, threads_limits, o.where.threads);
      threads = true;
    } else if (p.name == "batch") {
      set(p, between(1, 4096), o.batch);
    } else if (p.name == "kernels") {
      set(p, kernels_words, o.where.kernels);
    } else if (p.name == "precision") {
      set(p, precision_words, o.where.arithmetic);
      arithmetic = true;
    } else {
      throw error("options: there is no '" + p.name +
                  "'; a model is opened with device, threads, batch, kernels and precision");
    }
  }
  if (threads && o.where.device != device_kind::cpu_pool)
    throw error("options: threads needs device=cpu_pool");
  if (arithmetic && (o.where.device != device_kind::gpu || o.where.kernels == implementation::eigen))
    throw error("options: precision needs device=gpu, and kernels that are not Eigen's");
  return o;
}

question to_question(const subject& what, method_kind method, long batch, const char* options) {
  const network_facts& network = what.facts;
  const std::string name(words_of(method).name);
  if (!network.apply(method))
    throw error(name + " does not suit this network: it needs " + std::string(network.missing_for(method)));
  question q;
  for (const pair& p : pairs_of(options)) {
    const auto own = std::ranges::find_if(
        listed_options(), [&](const listed_option& o) { return o.method == method && o.name == p.name; });
    if (own != listed_options().end()) {
      const option_value value = to_option(*own, p.value);
      if (value == option_value()) refuse(p, expected_of(*own));
      own->set(q.methods, value);
    } else if (p.name == "score") {
      set(p, score_words, q.score.emplace());
    } else if (p.name == "layer" && network.take_layer(method)) {
      q.activations = {network.layers.choices[choose_layer(network.layers, p.value)].activation};
    } else {
      std::string known = "score";
      if (network.take_layer(method)) known += ", layer";
      for (const listed_option& o : listed_options())
        if (o.method == method) known += ", " + std::string(o.name);
      throw error("options: " + name + " has no '" + p.name + "', but " + known);
    }
  }
  if (network.sigmoids && q.score.value_or(score_kind::logit) != score_kind::logit)
    throw error("options: the scores of this network are probabilities already, of each class by itself");
  if (network.sigmoids) q.score = score_kind::logit;
  what.validate(q, batch, {&method, 1});
  return q;
}

std::string option_lines(method_kind method) {
  std::string lines;
  for (const listed_option& o : listed_options()) {
    if (o.method != method) continue;
    const bool* const flag = std::get_if<bool>(&o.preset);
    const std::string preset = flag ? *flag ? "true" : "false" : text_of(o.preset);
    // The help of a flag says what it does if a command line has it.
    const std::string given = flag ? *flag ? "false: " : "true: " : "";
    lines += std::string(o.name) + "\t" + preset + "\t" + expected_of(o) + "\t" + given +
             std::string(o.help) + "\n";
  }
  return lines;
}

}  // namespace salient::explainer
