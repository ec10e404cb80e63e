// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "salient/core/fitting.hpp"
#include "salient/explainer/image_range.hpp"
#include "salient/explainer/typed_subject.hpp"

namespace salient::explainer {

/// Images that a program knows by name, such as the digits of a test set.
struct known_images {
  std::filesystem::path set{};  ///< their file, as of image_set
  std::string called{};         ///< "digit-": image 7 is called "digit-7"
  /// The images of a name on the command line, or nothing for the name of a file. Throws salient::error,
  /// which is wrong usage, for what can be neither.
  std::function<std::optional<image_range>(const std::string& name)> find{};
  std::vector<std::string> preset{};  ///< names that are explained if the command line has none
  std::string help{};                 ///< a sentence about the names, for the help
};

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
  known_images known{};
  std::string help{};  ///< more sentences for the help
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
