// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "gallery/results.hpp"
#include "salient/core/tensor.hpp"

namespace gallery {

/// What a classifier makes of one image, by its scores.
shown_digit describe(long index, int label, std::span<const float> scores);

/// Picks digits worth looking at by the scores of the first images, N x 1 x 1 x classes: the first of each
/// class that is classified correctly and with at least 99 % (the surest where there is none such), then the
/// three surest mistakes, no two of one true class. Returns indices.
std::vector<long> choose(std::span<const int> labels, const salient::tensor& scores);

/// The position of the first 4 that is classified correctly, else 0. A 4 shares strokes with 9, 7, 1 and 6,
/// so it is a good one to ask about every class.
long focus_of(const std::vector<shown_digit>& digits);

/// Share of the images whose largest score is that of their label.
double accuracy(std::span<const int> labels, const salient::tensor& scores);

}  // namespace gallery
