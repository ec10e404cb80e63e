// SPDX-License-Identifier: MIT
#include "salient/io/jpeg.hpp"

#include <algorithm>
#include <string>

#include "io/exif.hpp"
#include "io/file_kind.hpp"
#include "io/jpeg.hpp"
#include "io/jpeg_decoder.hpp"
#include "io/message.hpp"
#include "io/pixels.hpp"
#include "salient/core/error.hpp"

namespace salient {
namespace {

constexpr std::size_t longest_file = std::size_t{1} << 28;
constexpr std::uint64_t most_pixels = std::uint64_t{1} << 26;

[[noreturn]] void fail_decoding(const std::filesystem::path& path, const detail::jpeg_decoder& jpeg) {
  const std::string said = detail::printable(jpeg.problem());
  if (jpeg.cut_short()) detail::fail(path, "the JPEG data are cut short (" + said + "); copy the file again");
  if (jpeg.out_of_memory())
    detail::fail(path, "cannot be decoded (" + said + "); free some memory or make the picture smaller");
  detail::fail(path,
               "the JPEG data are corrupt or of an unknown kind (" + said + "); save the picture again");
}

/// What libjpeg can make of the file's colours: RGB and grey itself; CMYK of what printers use.
J_COLOR_SPACE decodable(J_COLOR_SPACE found) {
  if (found == JCS_GRAYSCALE) return JCS_GRAYSCALE;
  return found == JCS_CMYK || found == JCS_YCCK ? JCS_CMYK : JCS_RGB;
}

/// CMYK, stored inverted as by Adobe's programs, to RGB as Pillow does; in place, four bytes to three.
void to_rgb(std::vector<std::uint8_t>& bytes) {
  auto to = bytes.begin();
  for (auto from = bytes.begin(); from != bytes.end(); from += 4) {
    const int white = from[3];
    std::uint8_t colour[3];
    for (int c = 0; c < 3; ++c) {
      const int product = (255 - from[c]) * white + 128;
      colour[c] = static_cast<std::uint8_t>(std::max(white - ((product >> 8) + product) / 256, 0));
    }
    to = std::copy(std::begin(colour), std::end(colour), to);
  }
  bytes.erase(to, bytes.end());
}

/// Grey to RGB, or RGB to grey; tells whether a colour was lost.
bool convert(picture& p, int channels) {
  if (p.channels == channels) return false;
  bool lost = false;
  std::vector<std::uint8_t> converted;
  converted.reserve(p.bytes.size() / static_cast<std::size_t>(p.channels) *
                    static_cast<std::size_t>(channels));
  if (channels == 3) {
    for (const std::uint8_t grey : p.bytes) converted.insert(converted.end(), 3, grey);
  } else {
    for (auto from = p.bytes.begin(); from != p.bytes.end(); from += 3) {
      lost = lost || from[0] != from[1] || from[0] != from[2];
      converted.push_back(static_cast<std::uint8_t>(detail::luma(from[0], from[1], from[2]) + 0.5));
    }
  }
  p.channels = channels;
  p.bytes = std::move(converted);
  return lost;
}

}  // namespace

namespace detail {

picture decode_jpeg(input_file& in, int channels, const std::function<void(shape)>& check,
                    const warning_handler& warn) {
  if (!std::ranges::equal(in.peek(std::size(jpeg_signature)), jpeg_signature))
    fail(in.path(), kind_of(in, "a JPEG file") + "; convert the picture to JPEG or PNG");
  const auto file = in.read_up_to(longest_file + 1);
  if (file.size() > longest_file) fail(in.path(), "is larger than 256 MiB; resize the picture");
  jpeg_decoder jpeg(file);
  if (!jpeg.read_header()) fail_decoding(in.path(), jpeg);
  const std::uint64_t height = jpeg.facts().image_height, width = jpeg.facts().image_width;
  if (height * width > most_pixels)
    fail(in.path(), "declares " + std::to_string(height) + "x" + std::to_string(width) +
                        " pixels, expected 1 to 67108864 in all; resize it");
  const J_COLOR_SPACE colours = decodable(jpeg.facts().jpeg_color_space);
  const std::size_t stored = colours == JCS_GRAYSCALE ? 1 : colours == JCS_RGB ? 3 : 4;
  const int orientation = exif_orientation(jpeg.exif());
  const shape lying{static_cast<int>(height), static_cast<int>(width), stored == 1 ? 1 : 3};
  check(turns(orientation) ? shape{lying.width, lying.height, lying.channels} : lying);
  picture result{lying.height, lying.width, lying.channels,
                 std::vector<std::uint8_t>(static_cast<std::size_t>(lying.positions()) * stored)};
  if (!jpeg.decode(colours, result.bytes)) fail_decoding(in.path(), jpeg);
  if (*jpeg.flaw() != '\0')
    detail::warn(warn, in.path(), "has a defect that changes no pixel (" + printable(jpeg.flaw()) + ")");
  if (stored == 4) to_rgb(result.bytes);
  warn_of(warn, in.path(), {.colour = convert(result, channels)});
  return upright(std::move(result), orientation);
}

}  // namespace detail

picture read_jpeg(const std::filesystem::path& path, int channels, const warning_handler& warn) {
  if (channels != 1 && channels != 3)
    throw error("read_jpeg: channels must be 1 or 3, got " + std::to_string(channels));
  input_file in(path);
  return detail::decode_jpeg(in, channels, [](shape) {}, warn);
}

}  // namespace salient
