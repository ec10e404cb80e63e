// SPDX-License-Identifier: MIT
#include "gallery/collect.hpp"

#include <algorithm>

#include "gallery/ask.hpp"
#include "gallery/choose.hpp"
#include "gallery/classify.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/explainer/dispatch.hpp"
#include "salient/explainer/progress.hpp"
#include "salient/train/labels.hpp"

namespace gallery {
namespace {

/// Supports every method, so it stands in where the chosen network does not.
using fallback = salient::digits::pooled_cnn;
constexpr const char* fallback_name = "pooled_cnn";

void check(const request& asked, long available) {
  for (const long n : asked.digits)
    if (n >= available)
      throw salient::error("digit " + std::to_string(n) + " is out of range: the test set has digits 0 to " +
                           std::to_string(available - 1));
  if (asked.images > available)
    throw salient::error("--images " + std::to_string(asked.images) + ": the test set has " +
                         std::to_string(available));
}

/// Sets the digits to show: those asked for, or a selection by the scores of the first images.
template <class Model>
void take_digits(results& r, const Model& model, const salient::labelled_images& set,
                 const salient::tensor& scores, const std::vector<long>& asked) {
  const std::vector<long> indices = asked.empty() ? choose(set.labels, scores) : asked;
  r.images = salient::tensor(set.images.extent, static_cast<long>(indices.size()));
  for (std::size_t i = 0; i < indices.size(); ++i)
    std::ranges::copy(set.images.image(indices[i]), r.images.image(static_cast<long>(i)).begin());
  const salient::tensor own = classify(model, r.images, [](long) {});
  for (std::size_t i = 0; i < indices.size(); ++i)
    r.digits.push_back(describe(indices[i], set.labels[static_cast<std::size_t>(indices[i])],
                                own.image(static_cast<long>(i))));
  if (asked.empty()) r.focus = focus_of(r.digits);
  r.focus_probabilities = salient::probabilities(own.image(r.focus));
}

}  // namespace

results collect(const request& asked) {
  const std::string& chosen = asked.where.network;
  const salient::labelled_images set = apps::test_digits();
  check(asked, set.images.batch);
  salient::check_labels(set.labels, set.images.batch, fallback::classes, "the test digits");
  const salient::tensor first = set.images.slice(0, asked.images);
  apps::progress progress;
  results r;
  r.network = chosen;
  r.test_images = asked.images;

  apps::with_device(asked.where, [&](const auto& device) {
    r.device = apps::describe(asked.where.device, device);
    const auto load = [&](auto type, const std::string& name) {
      return salient::load<typename decltype(type)::type>(apps::weights_file(name), device);
    };

    hana::for_each(salient::digits::networks, [&](const auto& entry) {
      using network = typename std::decay_t<decltype(entry)>::network;
      const std::string name(entry.name);
      const auto model = load(hana::type_c<network>, name);
      const salient::tensor scores = classify(model, first, [&](long done) {
        progress.show("classifying test digits with " + name, done, asked.images);
      });
      r.networks.push_back(describe_network<network>(name, accuracy(set.labels, scores)));
      if (name == chosen) take_digits(r, model, set, scores, asked.digits);
    });

    salient::digits::with_network(chosen, [&]<class Network>() {
      constexpr auto possible = hana::first(split_methods<Network>);
      constexpr auto others = hana::second(split_methods<Network>);
      long done = 0;
      const auto step = [&] {
        progress.show("explaining digits", ++done, (hana::is_empty(others) ? 1 : 2) * r.images.batch);
      };
      ask_all(possible, r, load(hana::type_c<Network>, chosen), chosen, step);
      // If the fallback did not support every method, this would not compile.
      ask_all(others, r, load(hana::type_c<fallback>, fallback_name), fallback_name, step);
    });
  });
  return r;
}

}  // namespace gallery
