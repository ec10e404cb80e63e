// SPDX-License-Identifier: MIT
#include "evidence/collect.hpp"

#include <algorithm>
#include <optional>

#include "evidence/measure.hpp"
#include "evidence/typical.hpp"
#include "explainer/structure.hpp"
#include "io/sha256.hpp"
#include "salient/core/error.hpp"
#include "salient/core/scores.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/explainer/progress.hpp"

namespace salient::evidence {
namespace {

/// The part of the store that is no method's.
constexpr const char* control_name = "random values";

std::string text_of(const channel_values& v) {
  std::string text;
  for (std::size_t k = 0; k < v.count; ++k) text += explainer::number(v.values[k]) + " ";
  return text + ";";
}

/// Of the images whose class is known.
std::optional<double> accuracy(const std::vector<int>& labels, const std::vector<int>& predicted) {
  double right = 0, all = 0;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= 0) right += labels[i] == predicted[i], ++all;
  return all > 0 ? std::optional(right / all) : std::nullopt;
}

example example_of(subject& network, const std::vector<std::size_t>& methods, const questions& about,
                   std::string title, std::size_t image) {
  example e{std::move(title), image, about.predicted[image], std::vector<tensor>(measurable_count)};
  for (const std::size_t m : methods)
    if (network.applies(m))
      e.maps[m] = network.ask(m, about.images.slice(static_cast<long>(image), 1), {e.predicted}).maps;
  return e;
}

/// A method on a network, or random values.
struct unit {
  std::size_t network;
  std::optional<std::size_t> method;
};

/// Networks one after the other, so that a process opens each once. Of one the slowest methods first: at the
/// end of a run no process waits long for another's last part.
std::vector<unit> units_of(std::size_t networks, const std::vector<std::size_t>& methods) {
  std::vector<unit> all;
  for (std::size_t n = 0; n < networks; ++n) {
    all.push_back({n, {}});
    for (const bool slow : {true, false})
      for (const std::size_t m : methods)
        if (all_measurable()[m].words.slow == slow) all.push_back({n, m});
  }
  return all;
}

class collection {
 public:
  collection(const std::vector<opened_network>& networks, explainer::crew& all, store& parts, results& to)
      : networks_(networks),
        all_(all),
        parts_(parts),
        to_(to),
        units_(units_of(networks.size(), to.methods)) {
    for (const opened_network& n : networks) weights_.push_back(salient::detail::sha256_of_file(n.weights));
  }

  void run() {
    std::vector<long> missing;
    if (all_.rank() == 0) {
      for (std::size_t n = 0; n < networks_.size(); ++n) describe(n);
      for (std::size_t u = 0; u < units_.size(); ++u)
        if (is_asked(units_[u]) && parts_.find(key_of(units_[u])) == nullptr)
          missing.push_back(static_cast<long>(u));
    }
    all_.share(
        missing, [&](long u) { make(units_[static_cast<std::size_t>(u)]); },
        [&](long done) {  // one process says more of what it does
          if (all_.size() > 1) progress_.show("measuring methods", done, std::ssize(missing));
        });
    if (all_.rank() != 0) return;
    parts_.take({});
    for (network_results& n : to_.networks) finish(n);
  }

 private:
  subject& open(std::size_t network) {
    if (!open_ || opened_ != network) {
      about_.reset();
      open_.reset();  // before the next one takes memory
      open_ = networks_[network].open();
      opened_ = network;
    }
    return *open_;
  }

  void describe(std::size_t network) {
    const subject& s = open(network);
    network_results n;
    n.name = networks_[network].name;
    n.weights = weights_[network];
    n.classes = networks_[network].classes;
    n.parameters = s.parameters();
    n.structure = salient::detail::sha256(explainer::structure_text(s.graph()));
    n.layers = s.layers();
    for (const std::size_t m : to_.methods) n.applies[m] = s.applies(m);
    to_.networks.push_back(std::move(n));
  }

  bool is_asked(const unit& u) const { return !u.method || to_.networks[u.network].applies[*u.method]; }

  part_key key_of(const unit& u) const {
    return {networks_[u.network].name, weights_[u.network],
            u.method ? std::string(all_measurable()[*u.method].words.name) : control_name};
  }

  const measured& part_of(const unit& u) const {
    if (const measured* found = parts_.find(key_of(u))) return *found;
    throw error("a part that was measured cannot be read, in " + parts_.folder().string() +
                "; all processes need the same folders");
  }

  /// Measures a part and keeps it.
  void make(const unit& u) {
    subject& network = open(u.network);
    const std::string& name = networks_[u.network].name;
    const auto step_of = [&](const std::string& task) {
      return [this, task](long done, long all) {
        if (all_.size() == 1) progress_.show(task, done, all);
      };
    };
    if (!about_) about_ = prepare(network, to_.of, to_.seed, step_of(name + ": removing pixels one by one"));
    parts_.keep(key_of(u),
                u.method
                    ? measure(network, *u.method, *about_,
                              step_of(name + ", " + std::string(all_measurable()[*u.method].words.title)))
                    : measure_control(network, *about_));
  }

  /// Adds what the parts say, and what is seen of all of them.
  void finish(network_results& n) {
    const auto place = static_cast<std::size_t>(&n - to_.networks.data());
    subject& network = open(place);
    const questions about = look(network, to_.of, to_.seed);
    n.pairs = about.pairs.pairs;
    n.recognised = about.pairs.images.batch;
    n.accuracy = accuracy(to_.of.labels, about.predicted);
    n.control = part_of({place, {}});
    for (const std::size_t m : to_.methods)
      if (n.applies[m]) {
        n.methods[m] = part_of({place, m});
        compare_with_control(*n.methods[m], n.control);
      }
    const extremes found = find_extremes(n, to_.of.labels.size());
    n.examples.push_back(example_of(network, to_.methods, about, "Most typical", found.typical));
    n.examples.push_back(example_of(network, to_.methods, about, "Most different", found.different));
  }

  const std::vector<opened_network>& networks_;
  explainer::crew& all_;
  store& parts_;
  results& to_;
  std::vector<unit> units_;
  std::vector<std::string> weights_;  // hashes of the networks' files
  explainer::progress progress_;
  // The network that is open, and what was asked of it before any method.
  std::size_t opened_ = 0;
  std::unique_ptr<subject> open_;
  std::optional<questions> about_;
};

}  // namespace

run_key key_of(const request& asked, const sample& of) {
  std::string all = explainer::number(asked.reads.range) + ";" + text_of(asked.reads.mean) +
                    text_of(asked.reads.deviation) +
                    (asked.reads.order == channel_order::bgr ? "bgr" : "rgb");
  for (const int label : of.labels) all += " " + std::to_string(label);
  all.append(reinterpret_cast<const char*>(of.images.values.data()), of.images.values.size() * sizeof(float));
  return {static_cast<std::uint64_t>(asked.seed), of.images.batch, explainer::arithmetic_of(asked.where),
          hash_of(all), SALIENT_VERSION};
}

void collect(const std::vector<opened_network>& networks, explainer::crew& all, store& parts, results& r) {
  collection(networks, all, parts, r).run();
}

}  // namespace salient::evidence
