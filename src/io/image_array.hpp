// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

#include "io/npy_header.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"
#include "salient/io/file.hpp"

namespace salient::detail {

/// Reads an NPY file as one image of this shape; see read_image.
tensor image_of_array(input_file& in, shape expected, const warning_handler& warn);

/// Throws salient::error unless an array is an image of this shape.
void check_array(const std::filesystem::path& path, const npy_header& header, shape expected);

/// The image that an array's values are; of an array that was checked.
tensor image_of_values(const std::filesystem::path& path, const npy_header& header, std::vector<float> values,
                       shape expected, const warning_handler& warn);

}  // namespace salient::detail
