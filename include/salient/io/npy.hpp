// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "salient/core/standard_library.hpp"

namespace salient {

/// The content of a NumPy .npy file, row-major.
struct npy {
  std::string dtype;             // as stored: "f4", "f8" or "u1"
  std::vector<long> dimensions;  // none for a scalar
  std::vector<float> values;
};

/// Reads a .npy file (versions 1.0, 2.0, 3.0) of little-endian f4 or f8, or of u1, in C order.
/// Throws salient::error if the file is not exactly what its header declares, or a value is not finite or
/// too large for a float. Memory is bounded by the size of the file.
npy read_npy(const std::filesystem::path& path);

/// Writes float32 values as a .npy file of version 1.0; the file appears whole or not at all.
/// Throws salient::error if the values do not fill the dimensions, or writing fails.
void write_npy(const std::filesystem::path& path, std::span<const float> values,
               const std::vector<long>& dimensions);

}  // namespace salient
