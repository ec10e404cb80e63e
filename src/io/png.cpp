// SPDX-License-Identifier: MIT
#include "salient/io/png.hpp"

#include <array>
#include <cstdint>
#include <png.h>
#include <string>

#include "io/message.hpp"
#include "io/pixels.hpp"
#include "io/png_source.hpp"
#include "salient/core/error.hpp"

namespace salient {
namespace {

/// libpng's simplified API, which reports errors as values. The destructor frees it.
struct png_session {
  png_image image{};
  png_session() { image.version = PNG_IMAGE_VERSION; }
  png_session(const png_session&) = delete;
  png_session& operator=(const png_session&) = delete;
  ~png_session() { png_image_free(&image); }
};

[[noreturn]] void fail_decoding(const std::filesystem::path& path, const png_image& image) {
  const std::string said = detail::printable(image.message);
  if (said.find("memory") != std::string::npos)
    detail::fail(path, "cannot be decoded (" + said + "); free some memory or make the picture smaller");
  detail::fail(path, "the PNG data are corrupt (" + said + "); save the picture again");
}

/// Decodes into 8-bit or 16-bit samples. A libpng warning is an error here: the pixels would differ
/// from those saved.
template <class Sample>
std::vector<Sample> decode(png_image& image, std::size_t channels, const std::filesystem::path& path) {
  std::vector<Sample> samples(channels * image.width * image.height);
  if (!png_image_finish_read(&image, nullptr, samples.data(), 0, nullptr) || image.warning_or_error != 0)
    fail_decoding(path, image);
  return samples;
}

}  // namespace

namespace detail {

tensor decode_png(const png_source& source, const std::filesystem::path& path, int channels,
                  const warning_handler& warn) {
  png_session png;
  png_image& image = png.image;
  if (!png_image_begin_read_from_memory(&image, source.bytes.data(), source.bytes.size()) ||
      image.warning_or_error != 0)
    fail_decoding(path, image);
  pixel_format format{.channels = source.extent.channels,
                      .alpha = (image.format & PNG_FORMAT_FLAG_ALPHA) != 0};
  image.format =
      (format.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY) | (format.alpha ? PNG_FORMAT_FLAG_ALPHA : 0);
  const shape to{source.extent.height, source.extent.width, channels};
  pixel_losses lost;
  tensor result;
  if (source.wide) {
    // In the simplified API "linear" means 16 bits, premultiplied by alpha. libpng treats a file without
    // gamma as linear already, so the stored values are returned unchanged.
    image.format |= PNG_FORMAT_FLAG_LINEAR;
    format.white = 65535;
    format.premultiplied = true;
    const auto samples = decode<std::uint16_t>(image, format.stride(), path);
    result = to_pixels(std::span(samples), format, to, lost);
  } else {
    format.white = 255;
    const auto samples = decode<std::uint8_t>(image, format.stride(), path);
    result = to_pixels(std::span(samples), format, to, lost);
  }
  if (source.trailing > 0)
    detail::warn(warn, path,
                 "has bytes after the end of the picture (" + std::to_string(source.trailing) +
                     "), which are ignored");
  warn_of(warn, path, lost);
  return result;
}

}  // namespace detail

tensor read_png(const std::filesystem::path& path, int channels, const warning_handler& warn) {
  if (channels != 1 && channels != 3)
    throw error("read_png: channels must be 1 or 3, got " + std::to_string(channels));
  input_file in(path);
  return detail::decode_png(detail::read_png_source(in), path, channels, warn);
}

std::vector<std::uint8_t> encode_png(const picture& picture) {
  constexpr int longest = 1'000'000;  // libpng's limit
  const shape extent{picture.height, picture.width, picture.channels};
  if (extent.height < 1 || extent.width < 1 || extent.height > longest || extent.width > longest ||
      (extent.channels != 1 && extent.channels != 3) ||
      picture.bytes.size() != static_cast<std::size_t>(extent.elements()))
    throw error("encode_png: a picture of " +
                detail::dimensions_text(std::array<long, 3>{extent.height, extent.width, extent.channels}) +
                " with " + std::to_string(picture.bytes.size()) +
                " bytes; expected 1 or 3 channels, sides of 1 to 1000000 and one byte for each value");
  png_session png;
  png.image.width = static_cast<png_uint_32>(extent.width);
  png.image.height = static_cast<png_uint_32>(extent.height);
  png.image.format = extent.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  // For a process that draws one map, trying every filter on every row took a third of the time. Without
  // filters, files are a third to one and a half times larger.
  png.image.flags |= PNG_IMAGE_FLAG_FAST;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png.image);
  std::vector<std::uint8_t> bytes(size);
  if (!png_image_write_to_memory(&png.image, bytes.data(), &size, 0, picture.bytes.data(), 0, nullptr))
    throw error("encode_png: " + detail::printable(png.image.message) + "; make the picture smaller");
  bytes.resize(size);
  return bytes;
}

void write_png(const std::filesystem::path& path, const picture& image) {
  write_file(path, encode_png(image));
}

}  // namespace salient
