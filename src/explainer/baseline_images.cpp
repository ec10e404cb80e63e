// SPDX-License-Identifier: MIT
#include "explainer/baseline_images.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <sstream>

#include "explainer/method_options.hpp"
#include "io/sha256.hpp"

namespace salient::explainer {
namespace {

template <class Method>
constexpr bool starts_at_one = requires(Method m) { m.baseline_image; };
template <class Method>
constexpr bool starts_at_many = requires(Method m) { m.baselines; };

constexpr auto at_one =
    with_all_methods([]<class... M>() { return std::array<bool, methods_count>{starts_at_one<M>...}; });
constexpr auto at_many =
    with_all_methods([]<class... M>() { return std::array<bool, methods_count>{starts_at_many<M>...}; });

bool has(const std::array<bool, methods_count>& which, method_kind m) {
  return which[static_cast<std::size_t>(m)];
}

constexpr const char* one_flag = "--baseline-image";
constexpr const char* many_flag = "--baseline-images";

std::vector<method_kind> applying(const std::array<bool, methods_count>& which,
                                  const network_facts& network) {
  std::vector<method_kind> found;
  for (std::size_t m = 0; m < methods_count; ++m)
    if (which[m] && network.apply(method_kind{m})) found.push_back(method_kind{m});
  return found;
}

void read_into(const command_line& line, const std::string& flag, const baseline_reader& read,
               baseline_images& to) {
  to.images = read(to.names);
  if (flag == one_flag && to.images.batch != 1)
    line.wrong_usage(flag + " must be one picture, and these are " + std::to_string(to.images.batch));
}

void demand(const command_line& line, const std::string& flag, const std::array<bool, methods_count>& which,
            std::span<const method_kind> asked) {
  if (std::ranges::any_of(asked, [&](method_kind m) { return has(which, m); })) return;
  std::vector<method_kind> have;
  for (std::size_t m = 0; m < methods_count; ++m)
    if (which[m]) have.push_back(method_kind{m});
  line.wrong_usage(flag + " needs --method " + names_of(have));
}

basic_tensor<double> pixels(const tensor& images) {
  basic_tensor<double> result(images.extent, images.batch);
  std::ranges::copy(images.values, result.values.begin());
  return result;
}

}  // namespace

void add_baseline_options(command_line& line, const network_facts& network, chosen_baselines& to) {
  if (const auto have = applying(at_one, network); !have.empty())
    line.option(std::string(one_flag) + " IMAGE",
                "Start of the path: this picture, named as IMAGE is (" + names_of(have) + ")",
                [&to](const std::string& name) { to.one.names = {name}; });
  if (const auto have = applying(at_many, network); !have.empty())
    line.option(std::string(many_flag) + " IMAGE[,IMAGE...]",
                "Pictures of which each sample draws the start of its path, named as IMAGE is (" +
                    names_of(have) + ")",
                [&to](const std::string& text) {
                  std::istringstream words(text);
                  for (std::string word; std::getline(words, word, ',');) to.many.names.push_back(word);
                });
}

void set_baselines(const command_line& line, std::span<const method_kind> asked, const baseline_reader& read,
                   chosen_baselines& chosen, method_settings& to) {
  if (!chosen.one.names.empty()) {
    demand(line, one_flag, at_one, asked);
    read_into(line, one_flag, read, chosen.one);
  }
  if (!chosen.many.names.empty()) {
    demand(line, many_flag, at_many, asked);
    read_into(line, many_flag, read, chosen.many);
  }
  const auto set = [&]<class Method>(Method& method) {
    if (std::ranges::find(asked, kind_of<Method>) == asked.end()) return;
    if constexpr (starts_at_one<Method>)
      if (!chosen.one.names.empty()) method.baseline_image = pixels(chosen.one.images);
    if constexpr (starts_at_many<Method>)
      if (!chosen.many.names.empty()) method.baselines = pixels(chosen.many.images);
  };
  with_all_methods([&]<class... M>() { (set(to.template of<M>()), ...); });
}

void add_baselines_json(const chosen_baselines& chosen, method_kind method, nlohmann::ordered_json& options) {
  const auto add = [&](const char* name, const baseline_images& of) {
    if (of.names.empty()) return;
    options[name] = {{"names", of.names},
                     {"count", of.images.batch},
                     {"values_sha256",
                      salient::detail::sha256({reinterpret_cast<const std::uint8_t*>(of.images.values.data()),
                                               of.images.values.size() * sizeof(float)})}};
  };
  if (has(at_one, method)) add("baseline_image", chosen.one);
  if (has(at_many, method)) add("baseline_images", chosen.many);
}

}  // namespace salient::explainer
