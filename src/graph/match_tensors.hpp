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

/// For each tensor found, the index of the wanted tensor that it matches, or nothing if it is skipped.
///
/// Names must be equal, except for a prefix that all found names share and that ends in a dot: "module.",
/// "_orig_mod.", "module.model.". Skipped are tensors left out by a renaming, the num_batches_tracked of a
/// batch norm whose other tensors are wanted, and names that begin with an entry of `unused`.
///
/// Throws salient::error, with the expected and the found tensor, unless every wanted tensor is present with
/// its dimensions and holds floats, and every other tensor is skipped.
std::vector<std::optional<std::size_t>> match_tensors(std::span<const wanted_tensor> wanted,
                                                      const tensor_stream& found,
                                                      std::span<const std::string> unused = {});

}  // namespace salient::detail
