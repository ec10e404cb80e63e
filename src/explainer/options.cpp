// SPDX-License-Identifier: MIT
#include "salient/explainer/options.hpp"

#include <string_view>
#include <vector>

#include "explainer/option_words.hpp"
#include "salient/explainer/numbers.hpp"
#include "salient/method/list.hpp"

namespace salient::explainer {

std::string name_of(score_kind kind) {
  for (const auto& [name, meaning] : score_words)
    if (meaning == kind) return name;
  return {};
}

void add_device_options(command_line& line, device_options& d) {
  line.choice("--device", "One CPU thread, a pool of threads, or an NVIDIA GPU", d.device, device_words);
  line.option("--threads N", "Threads of cpu_pool; 0 for one per processor", d.threads, threads_limits);
  line.choice("--kernels", "Kernels: salient's own, those without Winograd's algorithm, or Eigen's",
              d.kernels, kernels_words);
  line.choice("--precision", "Products on a GPU: of float32, or of operands rounded to TF32, which is faster",
              d.arithmetic, precision_words);
}

void check_device_options(const command_line& line, const device_options& d) {
  if (d.device != device_kind::cpu_pool) line.refuse({"--threads"}, "needs --device cpu_pool");
  if (d.device != device_kind::gpu) line.refuse({"--precision"}, "needs --device gpu");
  // Eigen multiplies in float32 only.
  if (d.kernels == salient::implementation::eigen)
    line.refuse({"--precision"}, "needs --kernels direct or fastest");
}

std::string arithmetic_of(const device_options& d) {
  std::string text = d.device == device_kind::gpu ? "gpu" : "cpu";
  for (const auto& [name, meaning] : kernels_words)
    if (meaning == d.kernels) text += std::string(", ") + name;
  return text + (d.arithmetic == salient::precision::tf32 ? ", tf32" : "");
}

salient::preprocessing preprocessing_options::over(salient::preprocessing declared) const {
  declared.range = range.value_or(declared.range);
  declared.mean = mean.value_or(declared.mean);
  declared.deviation = deviation.value_or(declared.deviation);
  declared.order = order.value_or(declared.order);
  return declared;
}

void add_preprocessing_options(command_line& line, preprocessing_options& p) {
  const auto numbers = [&line](const std::string& flag, std::optional<salient::channel_values>& to) {
    return [&line, &to, flag](const std::string& text) {
      const std::vector<double> all = to_numbers(text);
      if (all.empty() || all.size() > salient::channel_values::capacity)
        line.wrong_usage(flag + " '" + text +
                         "' is not a list of numbers such as 0.1307 or 0.485,0.456,0.406");
      to = salient::channel_values(all);
    };
  };
  line.option("--mean M[,M...]",
              "Mean that was subtracted from the pixels in training; one number, or one per channel",
              numbers("--mean", p.mean));
  line.option("--std S[,S...]", "Standard deviation that they were then divided by",
              numbers("--std", p.deviation));
  line.option("--range R", "Value of a white pixel before that, such as 1 or 255 (default 1)", p.range,
              above(0));
  line.choice("--channels", "Order of the network's colour channels", p.order,
              {{"rgb", salient::channel_order::rgb}, {"bgr", salient::channel_order::bgr}});
}

void check_preprocessing_options(const command_line& line, const preprocessing_options& p,
                                 const salient::preprocessing& declared, int channels,
                                 const std::string& whose) {
  const auto why = salient::defect_of(p.over(declared), channels);
  if (!why.empty())
    line.wrong_usage("--mean, --std, --range and --channels: " + std::string(why) + "; " + whose + " " +
                     std::to_string(channels) + (channels == 1 ? " channel" : " channels"));
}

void add_score_option(command_line& line, score_kind& score) {
  line.choice("--score", "Score of that class to explain", score, score_words);
}

void add_score_option(command_line& line, std::optional<score_kind>& score) {
  std::string others;
  for (const method_words& m : all_method_words)
    if (m.of_probability) others += (others.empty() ? "" : ", ") + std::string(m.name);
  line.choice("--score",
              "Score of that class to explain (default: as a method is defined; probability for " + others +
                  ", logit for the others)",
              score, score_words);
}

}  // namespace salient::explainer
