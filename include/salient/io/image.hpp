// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <filesystem>

#include "salient/core/export.hpp"
#include "salient/core/fitting.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"

namespace salient {

/// Reads one image for a network that expects this shape, from a PNG, a JPEG or a NumPy .npy file
/// (detected by content).
///
/// Size: height and width must match; nothing is resized.
///
/// Order: an array is H x W x C, or H x W with one channel. C x H x W is accepted if the dimensions allow no
/// other reading; so is a batch of one image.
///
/// Channels: grey fills RGB, and colour becomes grey as in read_png and read_jpeg. Transparent pixels are
/// blended over black; a fourth channel is alpha in a PNG and in an array of integers. Otherwise the number
/// of channels must match.
///
/// Values: a PNG or JPEG is scaled to 0..1. An array's floats are unchanged, and bool becomes 0 and 1.
/// Integers of any width must lie in 0..255 and are scaled to 0..1. Integers of more than 8 bits that are all
/// 0 or 1 are refused as ambiguous.
///
/// Warns if colour or transparency was dropped, and about bytes after the end of a PNG. Throws salient::error
/// if the image does not fit or the file is defective.
SALIENT_EXPORT tensor read_image(const std::filesystem::path& path, shape expected,
                                 const warning_handler& warn = {});

/// The same for a PNG or JPEG of any size, which is fitted as `how` says, in 8 bits; see fitting.hpp. An
/// array must have the size of the network's input: it is taken to be prepared already.
SALIENT_EXPORT tensor read_image(const std::filesystem::path& path, shape expected, const fitting& how,
                                 const warning_handler& warn = {});

/// The same for a network's input, which states both: `read_image("cat.jpg", resnet18::input)`. The result
/// holds pixels, 0..1; a model applies its mean and deviation itself.
template <class Input>
  requires requires {
    { Input::extent } -> std::convertible_to<shape>;
    { Input::applied } -> std::convertible_to<preprocessing>;
  }
tensor read_image(const std::filesystem::path& path, const Input&, const warning_handler& warn = {}) {
  return read_image(path, Input::extent, Input::applied.fit, warn);
}

}  // namespace salient
