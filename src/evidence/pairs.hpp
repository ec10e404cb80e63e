// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "salient/core/tensor.hpp"
#include "salient/evidence/sample.hpp"
#include "salient/evidence/subject.hpp"
#include "salient/metric/values.hpp"

namespace salient::evidence {

/// Fewer decide nothing: of seven pairs that are all pointed at rightly, the interval goes down to 0.65.
inline constexpr long least_pairs = 10;

/// Whether a network recognises enough of the pairs that it was shown. Of ten classes, chance names both of
/// one pair in 45. A network that names few more does not see two objects, and those that it names were
/// picked by luck.
constexpr bool enough_pairs(long recognised, long shown) {
  return 4 * recognised >= shown && recognised >= least_pairs;
}

/// Images of two objects of different classes that a network recognises: the two are its most probable
/// classes.
struct image_pairs {
  tensor images;
  std::vector<int> left, right;  ///< the classes
  long pairs = 0;                ///< that were shown to the network, recognised or not

  bool enough() const { return enough_pairs(images.batch, pairs); }
};

/// The images side by side, as high as they were and seven tenths as wide: of each the middle five sevenths
/// of the columns, which hold all ink of a digit, reduced to half of the width.
tensor side_by_side(const tensor& left, const tensor& right);

/// Pairs of each image of the sample, on the left, with the next one, unless their classes are equal. Of an
/// image without a label the class is the predicted one.
image_pairs find_pairs(const subject& network, const sample& of, const std::vector<int>& predicted);

/// Masks of the left or the right half: count x H x W x 1.
tensor half_mask(shape image, long count, bool left);

/// The mean of both, for each place; none if one of the two is.
metrics::values means(const metrics::values& a, const metrics::values& b);

}  // namespace salient::evidence
