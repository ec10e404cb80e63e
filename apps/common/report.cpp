// SPDX-License-Identifier: MIT
#include <algorithm>

#include "common/outcome.hpp"
#include "salient/explainer/numbers.hpp"

namespace apps {

namespace {

using column = figure;

std::string extent_of(const outcome& o) {
  const auto& [height, width, channels] = o.explained.map.extent;
  const std::string plane = std::to_string(height) + "x" + std::to_string(width);
  return o.of_feature_maps ? plane : plane + "x" + std::to_string(channels);
}

template <class F>
column per_image(std::string title, const outcome& o, const F& f) {
  column c{std::move(title), {}};
  for (long n = 0; n < o.count(); ++n) c.values.push_back(f(n));
  return c;
}

std::vector<column> facts_of(const outcome& o) {
  std::vector<column> facts{{"image", o.in.names}};
  if (!o.in.labels.empty())
    facts.push_back(per_image(
        "label", o, [&](long n) { return std::to_string(o.in.labels[static_cast<std::size_t>(n)]); }));
  facts.push_back(per_image("prediction", o, [&](long n) { return std::to_string(o.predicted(n)); }));
  facts.push_back(per_image("probability", o, [&](long n) { return percent(o.probability(n)); }));
  if (o.by_target) {
    facts.push_back(per_image("target", o, [&](long n) { return std::to_string(o.target(n)); }));
    facts.push_back(per_image("its " + name_of(o.asked.score), o, [&](long n) {
      return number(o.explained.values[static_cast<std::size_t>(n)]);
    }));
  }
  facts.insert(facts.end(), o.figures.begin(), o.figures.end());
  const auto extreme = [&](auto which) {
    return [&o, which](long n) { return number(*which(o.explained.map.image(n))); };
  };
  facts.push_back({"map", {extent_of(o)}});
  facts.push_back(
      per_image("lowest value", o, extreme([](auto map) { return std::ranges::min_element(map); })));
  facts.push_back(
      per_image("highest value", o, extreme([](auto map) { return std::ranges::max_element(map); })));
  facts.push_back({"time", {number(o.milliseconds) + " ms, every pass included, on " + o.device}});
  return facts;
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

/// One line for each column with a single value.
std::string list(const std::vector<column>& facts) {
  std::string text;
  for (const column& c : facts)
    if (c.values.size() == 1) text += fact(c.title, c.values[0]);
  return text;
}

/// One line for each image, with the columns that have a value per image.
std::string table(const std::vector<column>& facts, std::size_t images) {
  std::vector<std::string> lines(images + 1);
  for (const column& c : facts) {
    if (c.values.size() != images) continue;
    std::size_t width = c.title.size();
    for (const std::string& value : c.values) width = std::max(width, value.size());
    const std::string gap = lines[0].empty() ? "" : "   ";
    lines[0] += gap + padded(c.title, width);
    for (std::size_t n = 0; n < images; ++n) lines[n + 1] += gap + padded(c.values[n], width);
  }
  std::string text;
  for (std::string& line : lines) text += line.erase(line.find_last_not_of(' ') + 1) + "\n";
  return text;
}

}  // namespace

std::string fact(const std::string& title, const std::string& value) {
  return padded(title, 18) + value + "\n";
}

std::string report(const outcome& o) {
  const std::string head = o.title + " of " + o.asked.network + "\n\n";
  const std::vector<column> facts = facts_of(o);
  const auto images = static_cast<std::size_t>(o.count());
  return head + (images > 1 ? table(facts, images) + "\n" : "") + list(facts);
}

}  // namespace apps
