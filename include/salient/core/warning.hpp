// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "salient/core/standard_library.hpp"

namespace salient {

/// Takes what there is to say about something that was done all the same, such as reading a picture with
/// bytes after its end. The message is one line, without "warning". The library itself prints nothing: a
/// program passes a function that does. An empty one drops the messages.
using warning_handler = std::function<void(const std::string& message)>;

}  // namespace salient
