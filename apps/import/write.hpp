// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "import/translate.hpp"
#include "salient/core/preprocessing.hpp"

namespace importer {

struct declaration {
  std::string name, space;  ///< of the struct, and of the namespace around it (may be empty)
  std::string source;       ///< file name of the model
  salient::preprocessing images;
  std::vector<std::string> labels;
};

/// The header that declares the network.
std::string header_of(const network& n, const salient::onnx::model& m, const declaration& d);

/// Writes the weights by the names under which load<> looks for them. Throws salient::error.
void write_weights(const network& n, const salient::onnx::model& m, const declaration& d,
                   const std::filesystem::path& to);

}  // namespace importer
