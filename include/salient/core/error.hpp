// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

#include "salient/core/export.hpp"

namespace salient {

/// Thrown for bad input. The message is one line: where, what was found, what was expected, what to do.
class SALIENT_EXPORT error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace salient
