// SPDX-License-Identifier: MIT
#include "salient/evidence/run.hpp"

#include <algorithm>
#include <iostream>
#include <numeric>

#include "evidence/collect.hpp"
#include "evidence/json.hpp"
#include "evidence/options.hpp"
#include "evidence/page.hpp"
#include "evidence/pictures.hpp"
#include "evidence/store.hpp"
#include "explainer/network_files.hpp"
#include "salient/core/error.hpp"
#include "salient/explainer/crew.hpp"
#include "salient/explainer/dispatch.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/io/file.hpp"
#include "salient/train/random.hpp"

namespace salient::evidence {
namespace {

/// Numbers below `count` without repetition, in random order.
std::vector<long> draw(long count, long wanted, long seed) {
  std::vector<long> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0L);
  random(static_cast<std::uint64_t>(seed)).shuffle(std::span(all));
  all.resize(static_cast<std::size_t>(wanted));
  return all;
}

sample take_known(const introduction& setup, const request& asked) {
  const long count = setup.known.count;
  if (count < 2) throw error("the figures are means over images, and the program has fewer than two");
  return setup.known.read(draw(count, std::min(count, asked.images), asked.seed));
}

sample take_pictures(const introduction& setup, const request& asked, const explainer::class_labels& classes,
                     const salient::warning_handler& warn) {
  const std::vector<labelled_picture> all = find_pictures(asked.pictures, classes);
  const long count = std::ssize(all);
  if (count < 2)
    throw error("the figures are means over images, and there is only one picture; name two or more");
  // In random order even if all are taken: images are compared with the next one, and folders hold one class.
  std::vector<labelled_picture> drawn;
  for (const long n : draw(count, std::min(count, asked.images), asked.seed))
    drawn.push_back(all[static_cast<std::size_t>(n)]);
  return read_pictures(drawn, setup.networks[0].input, asked.reads.fit, warn);
}

std::string text(shape s) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels);
}

/// Networks that are asked about the same images must take them, and tell the same classes.
void check_alike(const introduction& setup, const request& asked) {
  const candidate& first = setup.networks[asked.networks[0]];
  for (const std::size_t n : asked.networks) {
    const candidate& other = setup.networks[n];
    if (other.input != first.input)
      throw error("all networks are asked about the same images, but " + first.name + " takes " +
                  text(first.input) + " and " + other.name + " " + text(other.input));
    if (other.classes != first.classes)
      throw error("all networks are asked about the same classes, but " + first.name + " tells " +
                  std::to_string(first.classes) + " and " + other.name + " " + std::to_string(other.classes));
  }
}

std::vector<opened_network> open_networks(const introduction& setup, const request& asked) {
  std::vector<opened_network> all;
  const bool known = setup.known.count > 0;
  for (const std::size_t n : asked.networks) {
    const candidate& c = setup.networks[n];
    const auto weights = explainer::beside_program(known ? c.weights : asked.weights);
    all.push_back({c.name, weights, c.classes, [c, weights, known, &asked] {
                     return c.open({weights, known ? c.images : asked.reads, asked.where});
                   }});
  }
  return all;
}

void check_outputs(const request& asked) {
  check_writable(asked.page);
  check_writable(asked.json());
  // The folder of parts is made by the first of them.
  std::error_code none;
  if (std::filesystem::exists(asked.parts(), none)) check_writable(asked.parts() / "part.json");
}

}  // namespace

int run(const introduction& setup, int count, const char* const* arguments) {
  return explainer::guarded_in_crew(setup.name, [&] {
    request asked = parse(setup, count, arguments);
    check_alike(setup, asked);
    const auto all = explainer::join();
    if (asked.where.threads == 0) asked.where.threads = all->threads();
    const bool first = all->rank() == 0;
    if (first) check_outputs(asked);
    // All processes find the same warnings.
    const salient::warning_handler warn =
        first ? explainer::warnings_of(setup.name) : salient::warning_handler();
    results r;
    const int classes = setup.networks[asked.networks[0]].classes;
    r.seed = static_cast<std::uint64_t>(asked.seed);
    r.methods = asked.methods;
    if (!asked.labels.empty())
      r.class_names = explainer::read_labels(explainer::beside_program(asked.labels), classes);
    r.of = setup.known.count > 0
               ? take_known(setup, asked)
               : take_pictures(setup, asked,
                               asked.labels.empty() ? explainer::class_labels(classes)
                                                    : explainer::class_labels(
                                                          explainer::beside_program(asked.labels), classes),
                               warn);
    store parts(asked.parts(), key_of(asked, r.of));
    if (first) parts.take(warn);
    if (parts.found() > 0)
      std::cout << "goes on  " << parts.found() << " parts were in "
                << explainer::one_line(asked.parts().string()) << std::endl;
    collect(open_networks(setup, asked), *all, parts, r);
    if (!first) return;
    explainer::with_device(
        asked.where, [&](const auto& device) { r.device = explainer::describe(asked.where.device, device); });
    if (all->size() > 1) r.device += ", in each of " + std::to_string(all->size()) + " processes";
    write_file(asked.json(), json_of(r));
    write_file(asked.page, page_of(r));
    parts.clear();
    std::cout << "page     " << explainer::one_line(asked.page.string()) << "\njson     "
              << explainer::one_line(asked.json().string()) << "\n";
  });
}

}  // namespace salient::evidence
