// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/printable.hpp"
#include "salient/core/warning.hpp"

namespace salient::detail {

/// `printable` text in double quotes.
std::string in_quotes(std::string_view text);

/// "28x28x1", or "a scalar" without dimensions.
std::string dimensions_text(std::span<const long> dimensions);

/// Calls the handler, if there is one, with "<path>: <what>".
void warn(const warning_handler& handler, const std::filesystem::path& path, const std::string& what);

/// Throws salient::error "<path>: <what>".
[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what);

}  // namespace salient::detail
