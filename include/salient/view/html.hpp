// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"

namespace salient {

/// Escapes text for an HTML element or quoted attribute: & < > " ' become character references, bytes
/// that are not UTF-8 become U+FFFD, and control characters, which HTML forbids, are removed (except tab
/// and newline).
SALIENT_EXPORT std::string escape_html(std::string_view text);

/// Base64 (RFC 4648) with padding, for a data: URL.
SALIENT_EXPORT std::string base64(std::span<const std::uint8_t> bytes);

}  // namespace salient
