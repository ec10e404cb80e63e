// SPDX-License-Identifier: MIT
#include "evidence/collect.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <numeric>

#include "evidence/measure.hpp"
#include "evidence/open.hpp"
#include "evidence/typical.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/core/scores.hpp"
#include "salient/explainer/progress.hpp"
#include "salient/io/file.hpp"
#include "salient/train/random.hpp"

namespace evidence {
namespace {

/// The part of the store that is no method's.
constexpr const char* control_name = "random values";

/// Test digits without repetition, in random order.
sample draw(const request& asked) {
  std::vector<long> all(static_cast<std::size_t>(apps::test_digits_count));
  std::iota(all.begin(), all.end(), 0L);
  salient::random(static_cast<std::uint64_t>(asked.seed)).shuffle(std::span(all));
  all.resize(static_cast<std::size_t>(asked.images));
  salient::labelled_images digits = apps::test_digits(all);
  return {std::move(all), std::move(digits.labels), std::move(digits.images)};
}

std::string hash_of_file(const std::string& file) {
  const auto bytes = salient::input_file(file).read_up_to(std::size_t{1} << 30);
  return hash_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::unique_ptr<subject> open_by_name(const std::string& name, const apps::device_options& where) {
  std::unique_ptr<subject> opened;
  salient::digits::with_network(
      name, [&]<class Network>() { opened = open<Network>(apps::weights_file(name), where); });
  return opened;
}

example example_of(subject& network, const std::vector<std::size_t>& methods, const questions& about,
                   std::string title, std::size_t image) {
  example e{std::move(title), image, about.predicted[image],
            std::vector<salient::tensor>(salient::methods_count)};
  for (const std::size_t m : methods)
    if (network.applies(m))
      e.maps[m] = network.ask(m, about.images.slice(static_cast<long>(image), 1), {e.predicted}).maps;
  return e;
}

}  // namespace

run_key key_of(const request& asked) {
  std::string arithmetic = asked.where.device == apps::device_kind::gpu ? "gpu" : "cpu";
  switch (asked.where.kernels) {
    case salient::implementation::fastest:
      arithmetic += ", fastest";
      break;
    case salient::implementation::direct:
      arithmetic += ", direct";
      break;
    case salient::implementation::eigen:
      arithmetic += ", eigen";
      break;
  }
  if (asked.where.arithmetic == salient::precision::tf32) arithmetic += ", tf32";
  return {static_cast<std::uint64_t>(asked.seed), asked.images, arithmetic};
}

results collect(const request& asked, store& parts) {
  results r;
  r.seed = static_cast<std::uint64_t>(asked.seed);
  r.methods = asked.methods;
  r.of = draw(asked);
  apps::progress progress;
  for (const std::string& name : asked.networks) {
    network_results n;
    n.name = name;
    n.weights = hash_of_file(apps::weights_file(name));
    const auto network = open_by_name(name, asked.where);
    n.parameters = network->parameters();
    n.layers = network->layers();
    progress.show(name + ": removing pixels one by one", 0, 1);
    const questions about = prepare(*network, r.of, r.seed);
    n.pairs = about.pairs.pairs;
    n.recognised = about.pairs.images.batch;
    for (std::size_t i = 0; i < r.of.labels.size(); ++i) n.accuracy += about.predicted[i] == r.of.labels[i];
    n.accuracy /= static_cast<double>(r.of.labels.size());

    const auto part = [&](const std::string& method, const auto& make) {
      const part_key key{name, n.weights, method};
      if (const measured* found = parts.find(key)) return *found;
      measured made = make();
      parts.keep(key, made);
      return made;
    };
    n.control = part(control_name, [&] { return measure_control(*network, about); });
    for (const std::size_t m : r.methods) {
      n.applies[m] = network->applies(m);
      if (!n.applies[m]) continue;
      const salient::method_words& words = salient::all_method_words[m];
      n.methods[m] = part(std::string(words.name), [&] {
        return measure(*network, m, about, n.control, [&](long done, long all) {
          progress.show(name + ", " + std::string(words.title), done, all);
        });
      });
    }
    const extremes found = find_extremes(n, r.of.labels.size());
    n.examples.push_back(example_of(*network, r.methods, about, "Most typical", found.typical));
    n.examples.push_back(example_of(*network, r.methods, about, "Most different", found.different));
    r.networks.push_back(std::move(n));
  }
  return r;
}

}  // namespace evidence
