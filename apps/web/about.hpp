// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "web/classifier.hpp"

namespace web {

/// JSON for the page:
/// {"methods": [{"name", "title", "does", "good", "bad", "link", "ofLayer"}],
///  "networks": [{"name", "parameters", "lacks": [text for each method], "layers": [{"activation",
///  "name"}]}]}.
/// Layers are those with a spatial output that every path crosses, from the input on.
std::string about(std::span<const network_facts* const> networks);

}  // namespace web
