// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "salient/core/standard_library.hpp"

namespace salient::explainer {

/// The SHA-256 hash (FIPS 180-4) of bytes, in 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

/// The same of a file, as `sha256sum` prints it. Throws salient::error if it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace salient::explainer
