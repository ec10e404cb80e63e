// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace salient {

/// Reads one image for a network that takes `expected`, from a PNG or a NumPy .npy file (told by content).
///
/// Size: height and width must be those expected; nothing is resized.
///
/// Order: an array is H x W x C, or H x W if it has one channel. C x H x W is read too where the dimensions
/// allow no other reading, and so is a batch of one image.
///
/// Channels: grey fills RGB, and colour becomes grey, as read_png does it. Transparent pixels are laid over
/// black; a fourth channel is alpha in a PNG and in an array of integers. Any other number of channels must
/// be the one expected.
///
/// Values: those of a PNG are scaled to 0..1. An array's floats are taken as they are, and bool as 0 and 1.
/// Its integers of any width must lie in 0..255, which is scaled to 0..1; so those of more than 8 bits that
/// are all 0 or 1 are refused, as it is not certain what they mean.
///
/// Warns if colour or transparency was dropped, and of bytes after the end of a PNG. Throws salient::error
/// for an image that does not fit, and for any defect of the file.
tensor read_image(const std::filesystem::path& path, shape expected, const warning_handler& warn = {});

}  // namespace salient
