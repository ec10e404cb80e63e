// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace salient::detail {

/// Escapes control characters, for one-line messages.
std::string one_line(std::string_view text);

/// The same; also truncates long text.
std::string printable(std::string_view text);

}  // namespace salient::detail
