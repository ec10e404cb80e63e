// SPDX-License-Identifier: MIT

// One of the digit classifiers, asked by every method about digits of the test set and the user's pictures.

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "networks.hpp"
#include "paths.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/run.hpp"

namespace {

std::vector<std::string> network_names() {
  std::vector<std::string> names;
  boost::hana::for_each(salient::digits::networks, [&](const auto& e) { names.emplace_back(e.name); });
  return names;
}

std::string network_list() {
  std::string list;
  for (const std::string& name : network_names()) list += (list.empty() ? "" : ", ") + name;
  return list;
}

/// The numbers of test digits. What looks like a word and is no file was probably meant for a network.
std::optional<salient::explainer::image_range> find_digits(const std::string& name) {
  if (const auto digits =
          salient::explainer::range_of(name, apps::test_digits_count, "the test set has digits"))
    return digits;
  std::error_code ignored;
  if (name.find_first_of("./") != std::string::npos || std::filesystem::exists(name, ignored)) return {};
  throw salient::error("'" + name + "' is no digit's number and no file; a network is the first argument, " +
                       "one of " + network_list());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string program = "salient-explain";
  std::vector<const char*> arguments(argv, argv + argc);
  std::string network = "pooled_cnn";  // every method applies
  if (const auto names = network_names(); argc > 1 && std::ranges::find(names, argv[1]) != names.end()) {
    network = argv[1];
    arguments.erase(arguments.begin() + 1);
  }
  int code = 0;
  const int failure = salient::explainer::guarded(program, [&] {
    const salient::explainer::introduction setup{
        .name = program,
        .network = network,
        .weights = apps::weights_file(network),
        .known = {.set = apps::test_digits_file(),
                  .called = "digit-",
                  .find = &find_digits,
                  .preset = {"0"},
                  .help = "A number of 0 to 9999 is that digit of MNIST's test set, and 0:1000 are the first "
                          "thousand; without any, digit 0 is explained"},
        .help = "The first argument may name the network, one of " + network_list() +
                "; the default is pooled_cnn."};
    salient::digits::with_network(network, [&]<class Network>() {
      code = salient::explainer::run<Network>(setup, static_cast<int>(arguments.size()), arguments.data());
    });
  });
  return failure == 0 ? code : failure;
}
