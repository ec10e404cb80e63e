// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "salient/core/error.hpp"

namespace salient::laws {

/// What f is refused with.
template <class F>
std::string message_of(const F& f) {
  try {
    f();
  } catch (const error& e) {
    return e.what();
  }
  return "nothing thrown";
}

}  // namespace salient::laws
