// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "salient/method/options.hpp"

namespace salient::explainer {

/// A number, word or size as the command line takes it; empty for other values.
std::string text_of(const option_value& value);

/// What the text of an option must be: "a whole number, 1 to 100000", "one of a|b", "true or false".
std::string expected_of(const listed_option& option);

/// The value that a text stands for, which is in the option's range or one of its words; otherwise nothing.
option_value to_option(const listed_option& option, const std::string& text);

}  // namespace salient::explainer
