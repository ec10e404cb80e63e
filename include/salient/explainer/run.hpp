// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "salient/core/fitting.hpp"
#include "salient/explainer/typed_subject.hpp"

namespace salient::explainer {

/// How an explainer presents itself, and its files.
struct introduction {
  std::string name{};     ///< of the program, "explain-resnet"
  std::string network{};  ///< in its texts, "resnet"
  std::string weights{};  ///< a safetensors file, unless --weights names another; if it is gone, it is looked
                          ///< for beside the program
  std::string labels{};  ///< a text file with the name of one class on each line, found alike; empty for none
  /// How pictures are fitted; by default as the network declares or, if it declares nothing, the shorter side
  /// is resized to the network's and the middle cropped.
  std::optional<fitting> fit{};
};

/// main() of a program that explains pictures; returns its exit code. salient_add_explainer writes the
/// program.
int run(const introduction& setup, const subject& what, int count, const char* const* arguments);

/// The same for a network: `return run<resnet50>({.name = "explain", ...}, argc, argv);`
template <class Network>
int run(const introduction& setup, int count, const char* const* arguments) {
  return run(setup, subject_of<Network>(), count, arguments);
}

}  // namespace salient::explainer
