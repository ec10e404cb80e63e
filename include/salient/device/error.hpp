// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/error.hpp"
#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"

namespace salient {

/// Thrown where a device fails, and not its input: what else it is asked would fail too.
class SALIENT_EXPORT device_error : public error {
 public:
  using error::error;
};

}  // namespace salient
