// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"
#include "salient/io/file.hpp"

namespace salient::detail {

/// Reads an NPY file as one image of this shape; see read_image.
tensor image_of_array(input_file& in, shape expected, const warning_handler& warn);

}  // namespace salient::detail
