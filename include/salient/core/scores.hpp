// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

// Predictions from class scores, in float and double. A batch of scores is N x 1 x 1 x classes.

/// The class with the largest score; on a tie, the first of them.
template <class T>
SALIENT_EXPORT int predicted_class(std::span<const T> scores);

/// The same for each image of a batch.
template <class T>
SALIENT_EXPORT std::vector<int> predicted_classes(const basic_tensor<T>& scores);

/// softmax(scores), one probability for each class.
template <class T>
SALIENT_EXPORT std::vector<T> probabilities(std::span<const T> scores);

/// The same, written to `result`.
template <class T>
SALIENT_EXPORT void write_probabilities(std::span<const T> scores, std::span<T> result);

/// softmax(scores)_c
template <class T>
SALIENT_EXPORT T probability_of(std::span<const T> scores, int c);

/// The probabilities for each image of a batch: N x 1 x 1 x classes.
template <class T>
SALIENT_EXPORT basic_tensor<T> probabilities(const basic_tensor<T>& scores);

}  // namespace salient
