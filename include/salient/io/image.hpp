// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "salient/core/tensor.hpp"

namespace salient {

/// Reads one image for a network that takes `expected`, from a PNG or a NumPy .npy file (told by content).
/// A PNG, and an .npy of u1, is scaled to 0..1; an .npy of f4 or f8 is taken as it is, as H x W x C, or
/// H x W where C is 1. Nothing is resized and no colour converted: another size or number of channels
/// throws salient::error, as does any defect of the file.
tensor read_image(const std::filesystem::path& path, shape expected);

}  // namespace salient
