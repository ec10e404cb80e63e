// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "gallery/results.hpp"
#include "salient/core/tensor.hpp"

namespace gallery {

/// Label, prediction and probability of one image, from its scores.
shown_digit describe(long index, int label, std::span<const float> scores);

/// Selects digits to show by the scores of the first images, N x 1 x 1 x classes. For each class: the first
/// one classified correctly with a probability of at least 99 %, or the surest if there is none. Then the
/// three surest mistakes, no two of the same true class. Returns indices.
std::vector<long> choose(std::span<const int> labels, const salient::tensor& scores);

/// Position of the first correctly classified 4, or 0 if there is none. A 4 shares strokes with 9, 7, 1 and
/// 6, so that its maps about other classes are of interest.
long focus_of(const std::vector<shown_digit>& digits);

/// Share of the images whose largest score is that of the label.
double accuracy(std::span<const int> labels, const salient::tensor& scores);

}  // namespace gallery
