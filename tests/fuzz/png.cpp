// SPDX-License-Identifier: MIT
#include "salient/io/png.hpp"

#include <algorithm>
#include <vector>
#include <zlib.h>

#include "reader.hpp"

using namespace salient;

namespace {

/// Corrects every chunk's checksum. Otherwise mutations would not get past the first check.
std::vector<std::uint8_t> repaired(std::vector<std::uint8_t> file) {
  constexpr std::size_t signature = 8, around = 12;  // a chunk is length, type, data, checksum
  for (std::size_t at = signature; at + around <= file.size();) {
    std::size_t length = 0;
    for (int i = 0; i < 4; ++i) length = length << 8 | file[at + static_cast<std::size_t>(i)];
    if (length > file.size() - at - around) break;
    const auto sum = crc32(0, file.data() + at + 4, static_cast<uInt>(length + 4));
    for (std::size_t i = 0; i < 4; ++i)
      file[at + 8 + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
    at += around + length;
  }
  return file;
}

}  // namespace

/// A readable file has a value from 0 to 1 for every pixel and channel.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = fuzz::file_of(repaired({data, data + size}));
  for (const int channels : {1, 3})
    fuzz::offer([&] {
      const tensor image = read_png(path, channels);
      fuzz::require(image.extent.channels == channels && image.batch == 1 &&
                    image.values.size() == static_cast<std::size_t>(image.extent.elements()));
      fuzz::require(std::ranges::all_of(image.values, [](float v) { return v >= 0 && v <= 1; }));
    });
  return 0;
}
