// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "salient/core/picture.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace salient {

/// Reads a PNG of any kind (1 to 16 bits, grey, RGB, palette, alpha, interlaced) as one image of `channels` 1
/// or 3, values 0..1. Grey fills all three channels. Colour becomes grey by the luma of ITU-R BT.601,
/// 0.299 R + 0.587 G + 0.114 B; that of 8-bit colour is rounded to 8 bits, as Pillow's convert("L") does.
/// Transparent pixels are laid over black. Values are those stored: colour profiles and gamma are ignored, as
/// networks are trained without them.
///
/// Warns if colour or transparency was dropped, and of bytes after the end of the picture. Throws
/// salient::error on any defect and beyond 16 million pixels.
tensor read_png(const std::filesystem::path& path, int channels, const warning_handler& warn = {});

/// The picture as the bytes of an 8-bit PNG file, to embed in a page.
/// Throws salient::error unless it has 1 or 3 channels and height x width x channels bytes, at least one.
std::vector<std::uint8_t> encode_png(const picture& image);

/// Writes `encode_png(image)`; the file appears whole or not at all.
void write_png(const std::filesystem::path& path, const picture& image);

}  // namespace salient
