// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "salient/core/picture.hpp"
#include "salient/core/shape.hpp"
#include "salient/core/warning.hpp"
#include "salient/io/file.hpp"

namespace salient::detail {

constexpr std::uint8_t jpeg_signature[] = {0xff, 0xd8, 0xff};

/// Reads a JPEG file with `channels` 1 or 3; see read_jpeg. `check` hears of the extent, with 1 or 3 channels
/// as in the file, before the pixels are decoded, and may throw.
picture decode_jpeg(input_file& in, int channels, const std::function<void(shape)>& check,
                    const warning_handler& warn);

}  // namespace salient::detail
