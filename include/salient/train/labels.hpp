// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "salient/core/export.hpp"

namespace salient {

/// Throws salient::error unless there are `images` labels, each from 0 to `classes` - 1. The message begins
/// with "<who>: ".
SALIENT_EXPORT void check_labels(std::span<const int> labels, long images, int classes, const char* who);

}  // namespace salient
