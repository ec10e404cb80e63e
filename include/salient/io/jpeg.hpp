// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"
#include "salient/core/warning.hpp"

namespace salient {

/// Reads a JPEG (baseline or progressive; grey, RGB, CMYK or YCCK) as a picture with `channels` 1 or 3,
/// decoded and converted as Pillow does, and turned as its EXIF orientation says. Grey fills all three
/// channels; colour becomes grey by the luma of ITU-R BT.601, rounded to 8 bits. Colour profiles are ignored.
///
/// Warns if colour was dropped and about defects that change no pixel, such as bytes between segments. Throws
/// salient::error for any other defect, a file that is cut short, and above 64 million pixels.
SALIENT_EXPORT picture read_jpeg(const std::filesystem::path& path, int channels,
                                 const warning_handler& warn = {});

}  // namespace salient
