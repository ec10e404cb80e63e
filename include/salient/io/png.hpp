// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace salient {

/// Reads a PNG of any kind (1 to 16 bits, grey, RGB, palette, alpha, interlaced) as one image of `channels`
/// 1 or 3, values 0..1. Grey fills all three channels. Colour becomes grey by the luma of ITU-R BT.601,
/// 0.299 R + 0.587 G + 0.114 B; for 8-bit colour it is rounded to 8 bits, as by Pillow's convert("L").
/// Transparent pixels are blended over black. Colour profiles and gamma are ignored, because networks are
/// trained without them.
///
/// Warns if colour or transparency was dropped, and about bytes after the end of the picture. Throws
/// salient::error for any defect and above 16 million pixels.
SALIENT_EXPORT tensor read_png(const std::filesystem::path& path, int channels,
                               const warning_handler& warn = {});

/// Encodes a picture as an 8-bit PNG file in memory. Throws salient::error unless it has 1 or 3 channels and
/// height x width x channels bytes, at least one.
SALIENT_EXPORT std::vector<std::uint8_t> encode_png(const picture& image);

/// Writes `encode_png(image)` to a file atomically.
SALIENT_EXPORT void write_png(const std::filesystem::path& path, const picture& image);

}  // namespace salient
