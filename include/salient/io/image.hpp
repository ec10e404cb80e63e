// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace salient {

/// Reads one image for a network that expects this shape, from a PNG or a NumPy .npy file
/// (detected by content).
///
/// Size: height and width must match; nothing is resized.
///
/// Order: an array is H x W x C, or H x W with one channel. C x H x W is accepted if the dimensions allow no
/// other reading; so is a batch of one image.
///
/// Channels: grey fills RGB, and colour becomes grey as in read_png. Transparent pixels are blended over
/// black; a fourth channel is alpha in a PNG and in an array of integers. Otherwise the number of
/// channels must match.
///
/// Values: a PNG is scaled to 0..1. An array's floats are unchanged, and bool becomes 0 and 1. Integers of
/// any width must lie in 0..255 and are scaled to 0..1. Integers of more than 8 bits that are all 0 or 1 are
/// refused as ambiguous.
///
/// Warns if colour or transparency was dropped, and about bytes after the end of a PNG. Throws salient::error
/// if the image does not fit or the file is defective.
tensor read_image(const std::filesystem::path& path, shape expected, const warning_handler& warn = {});

}  // namespace salient
