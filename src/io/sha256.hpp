// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "salient/core/standard_library.hpp"

namespace salient::detail {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits. `plain`: without the processor's instructions
/// for it, which are several times as fast.
std::string sha256(std::span<const std::uint8_t> bytes, bool plain = false);
std::string sha256(std::string_view text);

/// The same of a file, as `sha256sum` prints it. Throws salient::error if it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace salient::detail
