// SPDX-License-Identifier: MIT
#pragma once

#include "salient/explainer/subject.hpp"

namespace salient::explainer {

// Options of the C interface, which are text: "steps=64, layer=layer4". A null pointer is the empty text. All
// throw salient::error for a name or a value that is not known, and for a name that occurs twice.

/// The method of this name.
method_kind to_method(const char* name);

/// How a model is to be opened.
struct c_opening {
  device_options where{.device = device_kind::cpu_pool};
  long batch = 1;
};
c_opening to_opening(const char* options);

/// A question that a method is asked. Its options are checked by the subject, and that it applies.
question to_question(const subject& what, method_kind method, long batch, const char* options);

/// A line for each of the method's options: name, default value and meaning, between tabs.
std::string option_lines(method_kind method);

}  // namespace salient::explainer
