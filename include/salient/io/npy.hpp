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
  std::string dtype;             // NumPy's name without the byte order: "f4", "i8", "b1", ...
  std::vector<long> dimensions;  // none for a scalar
  std::vector<float> values;
};

/// Reads a .npy file (versions 1.0, 2.0, 3.0) of little-endian floats of 16 to 64 bits, integers of 8 to 64,
/// or bool, in C order. A number that a float cannot hold becomes the nearest one; true becomes 1. Throws
/// salient::error if the file is not exactly what its header declares, or a value is not finite or too large
/// for a float. Memory is bounded by the size of the file.
npy read_npy(const std::filesystem::path& path);

/// Writes float32 values as a .npy file of version 1.0; the file appears whole or not at all.
/// Throws salient::error if the values do not fill the dimensions, or writing fails.
void write_npy(const std::filesystem::path& path, std::span<const float> values,
               const std::vector<long>& dimensions);

}  // namespace salient
