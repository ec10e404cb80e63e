// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "salient/core/standard_library.hpp"

namespace salient {

/// Text as it must stand in HTML, in an element or between the quotes of an attribute: & < > " ' become
/// references, bytes that are not UTF-8 become U+FFFD, and control characters, which HTML forbids, vanish
/// (but tab and newline).
std::string escape_html(std::string_view text);

/// RFC 4648 with padding, as a data: address takes it.
std::string base64(std::span<const std::uint8_t> bytes);

}  // namespace salient
