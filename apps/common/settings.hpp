// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/namespace.hpp"
#include "salient/explainer/options.hpp"

namespace apps {

/// The options common to all demos.
struct settings : device_options {
  std::string network = "cnn";
  std::string weights;  ///< a file; empty for the weights that come with salient
  std::string image;    ///< a file; empty for digits
  std::vector<long> digits{0};
  preprocessing_options preprocessing;
  std::optional<int> target;  ///< empty for the predicted class
  score_kind score = score_kind::logit;
  std::string out;
  std::string raw;  ///< empty for none

  /// Whether the result has a batch dimension: for several digits, not for one.
  bool batch() const { return digits.size() > 1; }
};

inline chosen_target target_of(const settings& s) {
  return {s.score, s.target ? std::vector{*s.target} : std::vector<int>()};
}

/// Declares --digits, a list of indices into the test set. `meaning` continues the help text "Which of the
/// 10,000 test digits, from 0".
void add_digits_option(command_line& line, const std::string& meaning, std::vector<long>& digits);

/// Declares --network.
void add_network_option(command_line& line, const std::string& help, std::string& network);
using salient::explainer::check_preprocessing_options;
/// The same for the digit classifiers.
void check_preprocessing_options(const command_line& line, const preprocessing_options& p);

/// Declares the options that fill `s`, under the current heading.
void add_common_options(command_line& line, settings& s);

/// Wrong usage for options that contradict each other or would be ignored.
void check_common_options(const command_line& line, const settings& s);

/// Throws salient::error if the picture or the raw map cannot be written.
void check_outputs(const settings& s);

}  // namespace apps
