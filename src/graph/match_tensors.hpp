// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "salient/core/tensor_stream.hpp"

namespace salient::detail {

/// A tensor that a network needs.
struct wanted_tensor {
  std::string name;              // "3.weight"
  std::vector<long> dimensions;  // in PyTorch's order
  std::string owner;             // "layer 3 (dense)", for messages
};

/// For each tensor found, the index of the one wanted that it is; nothing for one that is passed over.
///
/// Names must be the same, but for a prefix that all names found have in common and that ends in a dot:
/// "module.", "_orig_mod.", "module.model.". Passed over are those left out by a renaming, the
/// num_batches_tracked of a batch norm whose other tensors are wanted, and those whose names begin as one of
/// `unused` does.
///
/// Throws salient::error, which says what was found where something else was wanted, unless each tensor
/// wanted is there with its dimensions and holds floats, and every other is passed over.
std::vector<std::optional<std::size_t>> match_tensors(std::span<const wanted_tensor> wanted,
                                                      const tensor_stream& found,
                                                      std::span<const std::string> unused = {});

}  // namespace salient::detail
