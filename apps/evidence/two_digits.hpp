// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "evidence/results.hpp"
#include "evidence/subject.hpp"
#include "salient/core/tensor.hpp"
#include "salient/metric/values.hpp"

namespace evidence {

/// Images of two different digits that a network recognises: the two are its most probable classes.
struct two_digits {
  salient::tensor images;
  std::vector<int> left, right;  ///< the classes
  long pairs = 0;                ///< that were shown to the network, recognised or not

  /// Whether the network recognises enough of them. Of ten classes, chance names both of one pair in 45. A
  /// network that names few more does not see two digits, and those that it names were picked by luck.
  bool enough() const { return 4 * images.batch >= pairs && images.batch > 0; }
};

/// The digits side by side, as high as they were and seven tenths as wide: of each the middle 20 columns,
/// which hold all of its ink, reduced to 14. Both: N x 28 x 28 x 1.
salient::tensor side_by_side(const salient::tensor& left, const salient::tensor& right);

/// Pairs of each digit of the sample, on the left, with the next one, unless they are equal.
two_digits find_two_digits(const subject& network, const sample& of);

/// Masks of the left or the right half: count x 28 x 28 x 1.
salient::tensor half_mask(long count, bool left);

/// The mean of both, for each place; none if one of the two is.
salient::metrics::values means(const salient::metrics::values& a, const salient::metrics::values& b);

}  // namespace evidence
