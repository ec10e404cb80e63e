// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "salient/io/file.hpp"

namespace salient::detail {

/// Describes a file of the wrong kind by its first bytes: "is a JPEG, expected a PNG", or "is not a PNG" if
/// they are unknown.
std::string kind_of(input_file& in, const std::string& expected);

/// The same for a file's first bytes.
std::string kind_of(std::span<const std::uint8_t> bytes, const std::string& expected);

}  // namespace salient::detail
