// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "salient/core/tensor.hpp"
#include "salient/explainer/command_line.hpp"
#include "salient/explainer/subject.hpp"

namespace salient::explainer {

/// Images at which methods start, named as pictures are.
struct baseline_images {
  std::vector<std::string> names{};  ///< as they were given: "0:100", "photos"
  tensor images{};                   ///< one, or those of which each sample draws one
};

struct chosen_baselines {
  baseline_images one{};   ///< --baseline-image
  baseline_images many{};  ///< --baseline-images
};

/// Reads the images that names stand for. Throws salient::error.
using baseline_reader = std::function<tensor(const std::vector<std::string>& names)>;

/// Declares --baseline-image and --baseline-images where the network can have their methods; `to` gets the
/// names.
void add_baseline_options(command_line& line, const network_facts& network, chosen_baselines& to);

/// After parsing: reads the images, and makes them the baselines of the methods that are asked. Wrong usage
/// if none of these has such an option, and for a --baseline-image that stands for several.
void set_baselines(const command_line& line, std::span<const method_kind> asked, const baseline_reader& read,
                   chosen_baselines& chosen, method_settings& to);

/// Adds a method's baselines to what the certificate says of its options: their names, and a hash of their
/// values.
void add_baselines_json(const chosen_baselines& chosen, method_kind method, nlohmann::ordered_json& options);

}  // namespace salient::explainer
