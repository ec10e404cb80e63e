// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "import/translate.hpp"

namespace importer {

/// What a file holds and what of it would be refused, as text for a terminal.
std::string description_of(const salient::onnx::model& m, const network& n);

}  // namespace importer
