// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "salient/core/state_dict.hpp"

namespace salient {

/// What a tensor is called, with its dimensions in PyTorch's order.
struct tensor_heading {
  std::string name;
  std::vector<long> dimensions;
};

/// Named tensors whose values come from front to back, so that no more of them need be in memory than are
/// looked at.
struct tensor_stream {
  std::string origin;                    ///< how messages about the tensors begin: "<path>: ", or nothing
  std::vector<tensor_heading> headings;  ///< in the order in which their values come

  /// Fills the span with the next values, which must not go beyond the current tensor's end. Throws
  /// salient::error if they cannot be read or are not finite.
  std::function<void(std::span<float>)> read;
};

/// The tensors of a state_dict, which must outlive the stream. Throws salient::error if one's values do not
/// fill its dimensions.
tensor_stream stream_of(const state_dict& tensors);

}  // namespace salient
