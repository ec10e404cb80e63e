// SPDX-License-Identifier: MIT
#include "explainer/explained.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "explainer/captions.hpp"
#include "io/sha256.hpp"
#include "salient/core/error.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/core/scores.hpp"
#include "salient/device/error.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/range_warning.hpp"
#include "salient/metric/correlation.hpp"

namespace salient::explainer {
namespace {

constexpr int most_predictions = 5;   // listed, unless more are explained
constexpr long most_warnings = 1000;  // of pictures; more are silent

/// The most probable classes first.
std::vector<prediction> best_of(std::span<const float> scores, int count, bool sigmoids) {
  const std::vector<float> p =
      sigmoids ? std::vector<float>(scores.begin(), scores.end()) : probabilities(scores);
  std::vector<int> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  const auto end = order.begin() + std::min<std::ptrdiff_t>(count, std::ssize(order));
  std::partial_sort(order.begin(), end, order.end(), [&](int a, int b) {
    return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)] ||
           (scores[static_cast<std::size_t>(a)] == scores[static_cast<std::size_t>(b)] && a < b);
  });
  std::vector<prediction> result;
  for (auto c = order.begin(); c != end; ++c)
    result.push_back({*c, p[static_cast<std::size_t>(*c)], scores[static_cast<std::size_t>(*c)]});
  return result;
}

/// The mean correlation of a method's map with its maps of the other classes of the same picture. None if
/// one of them is constant.
std::optional<double> likeness_to_others(const explained_batch& b, const explained_batch::asked_class& one,
                                         std::size_t method, long picture) {
  double sum = 0;
  for (const explained_batch::asked_class& other : b.asked) {
    if (&other == &one) continue;
    const auto alike = metrics::pearson<float>(one.answers[method].map.image(picture),
                                               other.answers[method].map.image(picture));
    if (!alike) return {};
    sum += *alike;
  }
  return sum / static_cast<double>(b.asked.size() - 1);
}

void add_hash(const picture_list::place& place, std::span<const float> values, explained_picture& to) {
  std::error_code ignored;
  if (place.image < 0 && std::filesystem::is_regular_file(*place.file, ignored))
    to.file_sha256 = salient::detail::sha256_of_file(*place.file);
  else
    to.values_sha256 =
        salient::detail::sha256({reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()});
}

}  // namespace

explained_picture facts_of(const request& asked, const explained_batch& b, std::size_t n) {
  const auto at = static_cast<long>(n);
  const picture_list::place place = asked.pictures[b.numbers[n]];
  explained_picture p{.file = place.name, .best = b.best[n]};
  if (asked.json || asked.write.maps) add_hash(place, b.images.image(at), p);
  for (const explained_batch::asked_class& one : b.asked)
    for (std::size_t m = 0; m < asked.methods.size(); ++m) {
      const answer& a = one.answers[m];
      const auto [lowest, highest] = std::ranges::minmax(a.map.image(at));
      written_map w{.method = asked.methods[m],
                    .name = asked.names[m],
                    .label = one.classes[n],
                    .value = a.values[n],
                    .lowest = lowest,
                    .highest = highest,
                    .empty = is_empty(a.map, at)};
      if (b.asked.size() > 1) w.class_correlation = likeness_to_others(b, one, m, at);
      if (!a.gaps.empty()) w.gap = a.gaps[n];
      if (!a.errors.empty()) w.error = a.errors[n];
      if (!a.evaluations.empty()) w.evaluations = a.evaluations[n];
      p.maps.push_back(std::move(w));
    }
  return p;
}

explaining::explaining(const introduction& setup, const network_facts& network, const request& asked,
                       explained_model& model)
    : network_(network),
      asked_(asked),
      model_(model),
      program_(setup.name),
      reader_(asked.pictures, network.input, asked.open.images.fit,
              [this, warn = warnings_of(setup.name)](const std::string& message) {
                if (warnings_++ < most_warnings) warn(message);
              }) {}

/// Pictures are read until a batch is full.
void explaining::explain(long first, long end, const taker& to) {
  while (first < end) {
    explained_batch b{{}, tensor(network_.input, 0)};
    for (; first < end && b.images.batch < asked_.open.batch; ++first) {
      try {
        const tensor image = reader_.read(first);
        if (salient::out_of_range(std::span<const float>(image.values)) && warnings_++ < most_warnings)
          warn_of_range(program_, std::filesystem::path(asked_.pictures[first].name).filename().string(),
                        image);
        b.numbers.push_back(first);
        b.images.values.insert(b.images.values.end(), image.values.begin(), image.values.end());
        ++b.images.batch;
      } catch (const error& e) {
        to.failed(first, e.what());
      }
    }
    if (b.images.batch > 0) explain(std::move(b), to);
  }
}

/// If a batch is refused, as for scores that are not finite, each picture is tried on its own.
void explaining::explain(explained_batch b, const taker& to) {
  try {
    ask(b, to);
  } catch (const device_error&) {
    throw;  // no picture is to blame
  } catch (const error& e) {
    if (b.numbers.size() == 1)
      return to.failed(b.numbers[0], asked_.pictures[b.numbers[0]].name + ": " + e.what());
    for (std::size_t n = 0; n < b.numbers.size(); ++n)
      explain({{b.numbers[n]}, b.images.slice(static_cast<long>(n), 1)}, to);
    return;
  }
  to.explained(b);
}

void explaining::ask(explained_batch& b, const taker& to) {
  b.scores = model_.look(b.images);
  for (long n = 0; n < b.images.batch; ++n)
    b.best.push_back(best_of(b.scores.image(n), std::max(asked_.top, most_predictions), network_.sigmoids));
  for (int k = 0; k < asked_.top; ++k) {
    explained_batch::asked_class& one = b.asked.emplace_back();
    for (const auto& best : b.best)
      one.classes.push_back(asked_.target >= 0 ? asked_.target : best[static_cast<std::size_t>(k)].label);
    for (std::size_t m = 0; m < asked_.methods.size(); ++m) {
      if (to.progress) to.progress("explaining pictures by " + asked_.names[m].title, b.numbers[0]);
      one.answers.push_back(model_.explain(asked_.methods[m], one.classes));
    }
  }
}

}  // namespace salient::explainer
