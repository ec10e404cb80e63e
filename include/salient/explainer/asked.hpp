// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "salient/method/list.hpp"

namespace salient::explainer {

/// RISE's masks where a program asks every method about many images: 4,000 would take longer than all other
/// methods together.
inline constexpr int fewer_masks = 400;

/// A method with the options with which such a program asks it: its defaults, but for RISE's masks.
template <class Method>
Method asked() {
  Method method;
  if constexpr (std::is_same_v<Method, salient::methods::rise>) method.masks = fewer_masks;
  return method;
}

}  // namespace salient::explainer
