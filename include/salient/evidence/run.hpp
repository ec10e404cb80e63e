// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "salient/evidence/open.hpp"
#include "salient/evidence/sample.hpp"
#include "salient/explainer/run.hpp"

namespace salient::evidence {

/// A network that a program can measure, and where its weights are.
struct candidate {
  std::string name;
  std::string weights;  ///< a safetensors file; if it is gone, it is looked for beside the program
  shape input;
  preprocessing images;  ///< as declared
  int classes = 0;
  std::unique_ptr<subject> (*open)(const opening&) = nullptr;
};

template <class Network>
candidate candidate_of(const std::string& name, const std::string& weights) {
  return {name,          weights, Network::input_shape, Network::input_preprocessing, Network::classes,
          &open<Network>};
}

/// What a program measures, and how it presents itself.
struct introduction {
  std::string name{};                 ///< of the program
  std::vector<candidate> networks{};  ///< one, unless the program has images of its own that fit them all
  std::vector<std::string> preset{};  ///< names of those that are measured if none is asked for
  known_images known{};
  std::string labels{};          ///< a text file with the name of one class on each line; empty for none
  std::optional<fitting> fit{};  ///< as in explainer::introduction
};

/// main() of a program that measures methods, and writes a page and a JSON; returns its exit code.
int run(const introduction& setup, int count, const char* const* arguments);

/// The same for one network and the pictures that are named on the command line. salient_add_evidence writes
/// the program.
template <class Network>
int run(const explainer::introduction& of, int count, const char* const* arguments) {
  return run(introduction{.name = of.name,
                          .networks = {candidate_of<Network>(of.network, of.weights)},
                          .labels = of.labels,
                          .fit = of.fit},
             count, arguments);
}

}  // namespace salient::evidence
