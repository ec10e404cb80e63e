// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include "salient/method/options.hpp"

namespace salient::explainer {

/// A method's options with their values; null for an optional one that is empty.
nlohmann::ordered_json options_json(const method_settings& settings, method_kind method);

}  // namespace salient::explainer
