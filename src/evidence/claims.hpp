// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/results.hpp"
#include "salient/metric/interval.hpp"

namespace salient::evidence {

enum class verdict {
  holds,
  fails,
  open,       ///< the interval holds the threshold, or too few images have a value for an interval
  no_figure,  ///< the method has no such figure
};

/// Where a claim holds.
struct rule {
  bool at_least;  ///< from the threshold up, else from it down
  double threshold;
  bool beyond = false;  ///< the threshold itself does not count: no gain is no gain
};

/// A sentence that is said of methods, and the figure that decides whether it is true.
struct claim {
  std::string_view name;      ///< in files, "noisy"
  std::string_view title;     ///< "Noisy"
  std::string_view sentence;  ///< what users read
  evidence::figure stands;
  rule holds;
  std::string_view why;  ///< why this figure and this threshold
  /// Words in the library's description of a method, in small letters, by which it says or denies the claim.
  std::array<std::string_view, 5> said, denied;
};

extern const std::array<claim, 12> all_claims;

/// "holds from 0.5 up", "holds above 0"
std::string text_of(const rule& r);

/// It holds if the whole interval is on its side of the threshold, and fails if the whole interval is on the
/// other.
verdict judge(const rule& r, const metrics::estimate& e);
std::string_view word_of(verdict v);  ///< "yes", "no", "open", or nothing

/// The mean of a figure over the images, with the 95 % interval that suits its values.
metrics::estimate estimate_of(const measured& m, figure f);

/// The mean of a figure of a minus that of b, over the images for which both have a value, with its 95 %
/// interval. Differences that rounding makes are none.
metrics::estimate paired_difference(const measured& a, const measured& b, figure f);

/// The method's place among those of the network: one more than the methods that are better, image by image:
/// the interval of the paired differences does not reach 0. So methods that the images do not tell apart may
/// share a place. 0 if the figure has no direction, or the method no value.
int rank_of(const network_results& n, std::size_t method, figure f);

/// The verdict on every network that the method runs on, if it is the same on all, else "mixed"; nothing
/// without a verdict.
std::string_view word_on_all(const results& r, std::size_t method, const claim& c);

/// What these words say: 1 if they make the claim, -1 if they deny it, else 0. A phrase behind "less", "no",
/// "not" or "hardly" is no claim: "less noisy" compares, and comparisons.hpp has those.
int said_in(const claim& c, std::string_view words);
/// The same of what the library says of a method.
int said_of(const claim& c, std::size_t method);

/// Where words and figures differ: "Gradients: said to be noisy; not on cnn (0.41 +- 0.02)".
struct difference {
  std::size_t method;
  const evidence::claim* claim;
  bool said;  ///< else denied
  std::vector<const network_results*> networks;
};
std::vector<difference> differences(const results& r);

}  // namespace salient::evidence
