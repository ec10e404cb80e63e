// SPDX-License-Identifier: MIT
#pragma once

#include "salient/method/options.hpp"

namespace salient::explainer {

/// RISE's masks where a program asks every method about many images: 4,000 would take longer than all other
/// methods together.
inline constexpr int fewer_masks = 400;

/// The options with which such a program asks the methods: their defaults, but for RISE's masks.
inline method_settings asked_settings() {
  method_settings all;
  all.of<salient::methods::rise>().masks = fewer_masks;
  return all;
}

/// One method with these options.
template <class Method>
Method asked() {
  return asked_settings().of<Method>();
}

}  // namespace salient::explainer
