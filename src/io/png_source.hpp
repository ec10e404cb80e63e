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

/// A PNG file before it is decoded: what its header says, and the chunks that make its pixels.
struct png_source {
  shape extent;              // channels 1 (grey) or 3 (colour), without alpha
  bool wide = false;         // 16 bits a channel
  std::size_t trailing = 0;  // bytes after the last chunk
  std::vector<std::uint8_t> bytes;
};

/// Reads a PNG file without decoding it: checks its chunks' order and lengths, the size of the image, and
/// that the compressed data could hold it. Colour-management and text chunks are left out.
png_source read_png_source(input_file& in);

/// The pixels in `channels` (1 or 3), values 0..1; see read_png.
tensor decode_png(const png_source& source, const std::filesystem::path& path, int channels,
                  const warning_handler& warn);

}  // namespace salient::detail
