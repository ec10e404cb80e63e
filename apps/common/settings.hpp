// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/command_line.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/device/cpu.hpp"

namespace apps {

enum class score_kind { logit, probability, cross_entropy };
enum class device_kind { cpu, cpu_pool, gpu };

/// Preprocessing given on the command line. What is empty is as the network declares it.
struct preprocessing_options {
  std::optional<salient::channel_values> mean, deviation;
  std::optional<double> range;
  std::optional<salient::channel_order> order;

  salient::preprocessing over(salient::preprocessing declared) const;
};

/// The options common to all demos.
struct settings {
  std::string network = "cnn";
  std::string weights;  ///< a file; empty for the weights that come with salient
  std::string image;    ///< a file; empty for digits
  std::vector<long> digits{0};
  preprocessing_options preprocessing;
  std::optional<int> target;  ///< empty for the predicted class
  score_kind score = score_kind::logit;
  device_kind device = device_kind::cpu;
  int threads = 0;                                                    ///< of cpu_pool; 0: one per processor
  salient::implementation kernels = salient::implementation::direct;  ///< of cpu and cpu_pool
  std::string out;
  std::string raw;  ///< empty for none

  /// Whether the result has a batch dimension: for several digits, not for one.
  bool batch() const { return digits.size() > 1; }
};

/// Name of the score on the command line, "logit".
std::string name_of(score_kind);

/// The library's limits; 0 stands for one thread per processor.
inline constexpr limits threads_limits = between(0, 1024);

/// Declares --device, --threads and --kernels.
void add_device_options(command_line& line, settings& s);
/// Wrong usage for options that the chosen device does not have.
void check_device_options(const command_line& line, const settings& s);

/// Declares --digits, a list of indices into the test set. `meaning` continues the help text "Which of the
/// 10,000 test digits, from 0".
void add_digits_option(command_line& line, const std::string& meaning, std::vector<long>& digits);

/// Declares --network.
void add_network_option(command_line& line, const std::string& help, std::string& network);
/// Declares --mean, --std, --range and --channels.
void add_preprocessing_options(command_line& line, preprocessing_options& p);
/// Wrong usage for values that do not fit the digit classifiers.
void check_preprocessing_options(const command_line& line, const preprocessing_options& p);

/// Declares the options that fill `s`, under the current heading.
void add_common_options(command_line& line, settings& s);

/// Wrong usage for options that contradict each other or would be ignored.
void check_common_options(const command_line& line, const settings& s);

/// Throws salient::error if the picture or the raw map cannot be written.
void check_outputs(const settings& s);

}  // namespace apps
