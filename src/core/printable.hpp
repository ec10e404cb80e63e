// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace salient::detail {

/// Text for a one-line message: control characters are escaped.
std::string one_line(std::string_view text);

/// The same, and a long text is cut.
std::string printable(std::string_view text);

}  // namespace salient::detail
