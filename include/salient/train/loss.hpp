// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "salient/core/export.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

template <class T>
struct loss_value {
  double loss = 0;           ///< mean over the batch
  long correct = 0;          ///< images whose label has the largest score
  basic_tensor<T> gradient;  ///< of the mean loss with respect to the scores: N x 1 x 1 x classes
};

/// Softmax cross-entropy: the mean over the batch of -log softmax(scores)_label, as PyTorch's
/// `CrossEntropyLoss`. scores: N x 1 x 1 x classes, before any softmax; labels: N. Throws salient::error for
/// a label out of range.
template <class T>
SALIENT_EXPORT loss_value<T> softmax_cross_entropy(const basic_tensor<T>& scores,
                                                   std::span<const int> labels);

}  // namespace salient
