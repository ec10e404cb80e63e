// SPDX-License-Identifier: MIT

// One of the digit classifiers, asked by every method about digits of the test set and the user's pictures.

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "networks.hpp"
#include "paths.hpp"
#include "salient/explainer/guard.hpp"
#include "salient/explainer/run.hpp"

namespace {

const std::string digit = "digit-";

/// The number that all of `text` is, even one too large to be a digit's.
std::optional<long> number_of(const std::string& text) {
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return {};
  long number = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() ? number : apps::test_digits_count;
}

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

/// The name of a test digit. What looks like a word and is no file was probably meant for a network.
std::string find_digit(const std::string& name) {
  if (const auto number = number_of(name)) {
    if (*number < apps::test_digits_count) return digit + std::to_string(*number);
    throw salient::error("the test set has digits 0 to " + std::to_string(apps::test_digits_count - 1) +
                         ", got " + name);
  }
  std::error_code ignored;
  if (name.find_first_of("./") != std::string::npos || std::filesystem::exists(name, ignored)) return {};
  throw salient::error("'" + name + "' is no digit's number and no file; a network is the first argument, " +
                       "one of " + network_list());
}

salient::tensor read_digit(const std::string& name) {
  return apps::test_digits({std::stol(name.substr(digit.size()))}).images;
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
        .known = {.find = &find_digit,
                  .read = &read_digit,
                  .preset = {"0"},
                  .help = "A number of 0 to 9999 is that digit of MNIST's test set; without any, digit 0 is "
                          "explained"},
        .help = "The first argument may name the network, one of " + network_list() +
                "; the default is pooled_cnn."};
    salient::digits::with_network(network, [&]<class Network>() {
      code = salient::explainer::run<Network>(setup, static_cast<int>(arguments.size()), arguments.data());
    });
  });
  return failure == 0 ? code : failure;
}
