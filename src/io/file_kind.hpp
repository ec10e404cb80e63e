// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "salient/io/file.hpp"

namespace salient::detail {

/// What a file is by its first bytes, for a message about one of the wrong kind: "is a JPEG, expected a PNG".
/// Where that is not known, "is not a PNG".
std::string kind_of(input_file& in, const std::string& expected);

}  // namespace salient::detail
