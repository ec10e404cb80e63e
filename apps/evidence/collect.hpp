// SPDX-License-Identifier: MIT
#pragma once

#include "evidence/options.hpp"
#include "evidence/results.hpp"
#include "evidence/store.hpp"

namespace evidence {

/// Measures everything that was asked for, and keeps each finished part. Throws salient::error.
results collect(const request& asked, store& parts);

/// What the figures of a run depend on.
run_key key_of(const request& asked);

}  // namespace evidence
