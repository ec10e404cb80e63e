// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "evidence/results.hpp"

namespace salient::evidence {

/// All figures, intervals, ranks and verdicts. All but the last member, "times", is the same in every run
/// with the same options.
std::string json_of(const results& r);

}  // namespace salient::evidence
