// SPDX-License-Identifier: MIT
#pragma once

#include <zlib.h>

#include "io/bad_input.hpp"

namespace salient::test {

inline bytes png_signature() { return {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}; }
inline constexpr int grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgb_alpha = 6;  // colour types

inline bytes png_chunk(std::string_view type, const bytes& body) {
  const bytes checked = text(type) + body;
  return big_endian(body.size(), 4) + checked +
         big_endian(crc32(0, checked.data(), static_cast<uInt>(checked.size())), 4);
}

inline bytes png_header(std::uint32_t height, std::uint32_t width, int depth, int color_type,
                        int interlace = 0) {
  return png_chunk("IHDR", big_endian(width, 4) + big_endian(height, 4) +
                               bytes{static_cast<std::uint8_t>(depth), static_cast<std::uint8_t>(color_type),
                                     0, 0, static_cast<std::uint8_t>(interlace)});
}

/// Compressed image data; each row starts with its filter type (0: none).
inline bytes png_data(const bytes& rows) {
  bytes packed(compressBound(rows.size()));
  uLongf size = packed.size();
  EXPECT_EQ(compress(packed.data(), &size, rows.data(), rows.size()), Z_OK);
  packed.resize(size);
  return png_chunk("IDAT", packed);
}

inline bytes png_of(const bytes& chunks) { return png_signature() + chunks + png_chunk("IEND", {}); }

}  // namespace salient::test
