// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "evidence/results.hpp"

namespace salient::evidence {

/// The evidence as a self-contained page. Its last section, "Time", is the only part that differs between
/// runs with the same options.
std::string page_of(const results& r);

}  // namespace salient::evidence
