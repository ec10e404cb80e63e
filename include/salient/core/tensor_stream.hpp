// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
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
  std::string unread_type{};  ///< "I64", of values that are no floats and can only be skipped; else empty
  bool left_out = false;      ///< to be skipped, whatever its name
};

/// Named tensors whose values come from front to back, so that no more of them need be in memory than are
/// looked at.
struct tensor_stream {
  std::string origin;                    ///< how messages about the tensors begin: "<path>: ", or nothing
  std::vector<tensor_heading> headings;  ///< in the order in which their values come

  /// Fills the span with the next values, which must not go beyond the current tensor's end. Throws
  /// salient::error if they cannot be read or are not finite.
  std::function<void(std::span<float>)> read;

  /// Passes over what has not been read of all tensors up to this one, by its place among the headings.
  /// Throws salient::error if the file ends before.
  std::function<void(std::size_t)> skip;
};

/// The tensors of a state_dict, which must outlive the stream. Throws salient::error if one's values do not
/// fill its dimensions.
tensor_stream stream_of(const state_dict& tensors);

/// Gives the name that a network has for a tensor, for the name in a file: "0.weight" for
/// "backbone.conv1.weight". An empty one leaves the tensor out.
using rename_function = std::function<std::string(const std::string& name)>;

/// The same tensors by other names.
tensor_stream renamed(tensor_stream tensors, const rename_function& rename);

}  // namespace salient
