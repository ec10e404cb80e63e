// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "salient/core/shape.hpp"
#include "salient/core/tensor.hpp"
#include "salient/core/warning.hpp"
#include "salient/io/file.hpp"

namespace salient::detail {

constexpr std::uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

/// A PNG file before decoding: its header, and the chunks that determine its pixels.
struct png_source {
  shape extent;              // channels 1 (grey) or 3 (colour), without alpha
  bool wide = false;         // 16 bits per channel
  std::size_t trailing = 0;  // bytes after the last chunk
  std::vector<std::uint8_t> bytes;
};

/// Reads a PNG file without decoding it. Checks the order and lengths of chunks, the size of the image, and
/// that the compressed data could hold it. Drops colour-management and text chunks.
png_source read_png_source(input_file& in);

/// Decodes to `channels` (1 or 3) channels, values 0..1; see read_png.
tensor decode_png(const png_source& source, const std::filesystem::path& path, int channels,
                  const warning_handler& warn);

}  // namespace salient::detail
