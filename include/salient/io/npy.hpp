// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"

namespace salient {

/// The content of a NumPy .npy file, row-major.
struct npy {
  std::string dtype;             // NumPy's name without the byte order: "f4", "i8", "b1", ...
  std::vector<long> dimensions;  // empty for a scalar
  std::vector<float> values;
};

/// Reads a .npy file (versions 1.0, 2.0, 3.0) of little-endian floats of 16 to 64 bits, integers of 8 to 64
/// bits, or bool, in C order. Values are rounded to the nearest float; true becomes 1. Throws salient::error
/// unless the file matches its header exactly, or if a value is not finite or overflows a float. Memory is
/// bounded by the size of the file.
SALIENT_EXPORT npy read_npy(const std::filesystem::path& path);

/// Writes float32 values atomically as a .npy file of version 1.0. Throws salient::error if the values do not
/// fill the dimensions, or if writing fails.
SALIENT_EXPORT void write_npy(const std::filesystem::path& path, std::span<const float> values,
                              const std::vector<long>& dimensions);

}  // namespace salient
