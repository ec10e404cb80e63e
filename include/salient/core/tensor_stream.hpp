// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/state_dict.hpp"

namespace salient {

/// A tensor's name, and its dimensions in PyTorch's order.
struct tensor_heading {
  std::string name;
  std::vector<long> dimensions;
  std::string unread_type{};  ///< "I64": a type that is not a float, so can only be skipped; else empty
  bool left_out = false;      ///< to be skipped, whatever its name
};

/// Named tensors whose values are read sequentially, so that only the part in use is in memory.
struct tensor_stream {
  std::string origin;                    ///< prefix of error messages about the tensors: "<path>: ", or empty
  std::vector<tensor_heading> headings;  ///< in the order of their values

  /// Fills the span with the next values, which must not extend past the current tensor. Throws
  /// salient::error if they cannot be read or are not finite.
  std::function<void(std::span<float>)> read;

  /// Skips the unread values of all tensors up to and including this index into `headings`. Throws
  /// salient::error if the file ends too early.
  std::function<void(std::size_t)> skip;
};

/// Streams a state_dict, which must outlive the stream. Throws salient::error if a tensor's values do not
/// fill its dimensions.
SALIENT_EXPORT tensor_stream stream_of(const state_dict& tensors);

/// Maps a tensor's name in a file to the network's name: "backbone.conv1.weight" to "0.weight". An empty
/// result leaves the tensor out.
using rename_function = std::function<std::string(const std::string& name)>;

/// The same tensors under other names.
SALIENT_EXPORT tensor_stream renamed(tensor_stream tensors, const rename_function& rename);

}  // namespace salient
