// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "salient/core/preprocessing.hpp"
#include "salient/device/implementation.hpp"
#include "salient/explainer/chosen_target.hpp"
#include "salient/explainer/command_line.hpp"

namespace salient::explainer {

enum class device_kind { cpu, cpu_pool, gpu };

/// The device given on the command line.
struct device_options {
  device_kind device = device_kind::cpu;
  int threads = 0;  ///< of cpu_pool; 0: one per processor
  salient::implementation kernels = salient::implementation::fastest;
  salient::precision arithmetic = salient::precision::float32;  ///< of gpu
};

/// The library's limits; 0 stands for one thread per processor.
inline constexpr limits threads_limits = between(0, 1024);

/// Declares --device, --threads, --kernels and --precision.
void add_device_options(command_line& line, device_options& d);
/// Wrong usage for options that the chosen device does not have.
void check_device_options(const command_line& line, const device_options& d);

/// What the last bits of results depend on: "cpu, fastest", "gpu, fastest, tf32".
std::string arithmetic_of(const device_options& d);

/// Preprocessing given on the command line. What is empty is as the network declares it.
struct preprocessing_options {
  std::optional<salient::channel_values> mean, deviation;
  std::optional<double> range;
  std::optional<salient::channel_order> order;

  salient::preprocessing over(salient::preprocessing declared) const;
};

/// Declares --mean, --std, --range and --channels.
void add_preprocessing_options(command_line& line, preprocessing_options& p);
/// Wrong usage for values that, over the declared ones, do not fit `channels` channels. The message ends in
/// "; the networks have 1 channel", where `whose` is "the networks have".
void check_preprocessing_options(const command_line& line, const preprocessing_options& p,
                                 const salient::preprocessing& declared, int channels,
                                 const std::string& whose);

/// Declares --score.
void add_score_option(command_line& line, score_kind& score);
/// The same for a program with many methods, each of which has its own without the option.
void add_score_option(command_line& line, std::optional<score_kind>& score);
/// Name of the score on the command line, "logit".
std::string name_of(score_kind);

}  // namespace salient::explainer
