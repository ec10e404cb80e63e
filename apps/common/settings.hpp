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

/// What is said of a network's preprocessing; the rest is as the network declares it.
struct preprocessing_options {
  std::optional<salient::channel_values> mean, deviation;
  std::optional<double> range;
  std::optional<salient::channel_order> order;

  salient::preprocessing over(salient::preprocessing declared) const;
};

/// What every demo can be told.
struct settings {
  std::string network = "cnn";
  std::string weights;  ///< a file; empty for the committed one
  std::string image;    ///< a file; empty for digits
  std::vector<long> digits{0};
  preprocessing_options preprocessing;
  std::optional<int> target;  ///< without one, the predicted class
  score_kind score = score_kind::logit;
  device_kind device = device_kind::cpu;
  int threads = 0;                                                    ///< of cpu_pool; 0 for one a processor
  salient::implementation kernels = salient::implementation::direct;  ///< of cpu and cpu_pool
  std::string out;
  std::string raw;  ///< empty for none

  /// A list of digits gives a batch, one digit a single image.
  bool batch() const { return digits.size() > 1; }
};

/// The name of the score, "logit".
std::string name_of(score_kind);

/// The library's own limits; 0 means one for each processor.
inline constexpr limits threads_limits = between(0, 1024);

/// Declares --device, --threads and --kernels.
void add_device_options(command_line& line, settings& s);
/// Wrong usage for what the device does not let one choose.
void check_device_options(const command_line& line, const settings& s);

/// Declares --digits, a list of test digits by their numbers: `meaning` completes "which of the
/// 10,000 test digits".
void add_digits_option(command_line& line, const std::string& meaning, std::vector<long>& digits);

/// Declares --network, one of the classifiers.
void add_network_option(command_line& line, const std::string& help, std::string& network);
/// Declares --mean, --std, --range and --channels.
void add_preprocessing_options(command_line& line, preprocessing_options& p);
/// Wrong usage for what does not suit the networks of digits.
void check_preprocessing_options(const command_line& line, const preprocessing_options& p);

/// Declares the flags that fill `s`. The heading is the caller's.
void add_common_options(command_line& line, settings& s);

/// What no single flag can tell: wrong usage for flags that contradict each other or would be ignored.
void check_common_options(const command_line& line, const settings& s);

/// Throws salient::error if the picture or the raw map could not be written.
void check_outputs(const settings& s);

}  // namespace apps
