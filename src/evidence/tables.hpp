// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "evidence/claims.hpp"
#include "evidence/results.hpp"
#include "salient/view/report.hpp"

namespace salient::evidence {

/// One row per method, one column per claim: "yes", "no", "open" or "mixed".
table summary_table(const results& r);

/// "0.71 ± 0.02", or "0.98 (0.93 to 1.00)" where the mean is not in the middle of its interval, with spaces
/// that do not break; a dash without a value.
std::string cell_text(const metrics::estimate& e);

/// One row per method, one column per network: verdict, figure, place.
table claim_table(const results& r, const claim& c);

/// One row per method of the network, one column per figure.
table figures_table(const results& r, const network_results& n);

/// One row per comparison of two methods that are known, one column per network: verdict and difference.
table comparisons_table(const results& r);

/// One row per method, one column per network: verdict, and how many times the fastest method's time.
table slow_table(const results& r);

/// One row per method, one column per network: milliseconds and memory.
table times_table(const results& r);

}  // namespace salient::evidence
