// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "salient/core/standard_library.hpp"

namespace salient {

/// Receives warnings about problems that did not stop an operation, such as bytes after the end of a
/// picture. The message is one line, without "warning". The library itself prints nothing. An empty handler
/// drops the messages.
using warning_handler = std::function<void(const std::string& message)>;

}  // namespace salient
