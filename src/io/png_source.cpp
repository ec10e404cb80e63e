// SPDX-License-Identifier: MIT
#include "io/png_source.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "io/file_kind.hpp"
#include "io/message.hpp"

namespace salient::detail {
namespace {

constexpr std::size_t longest_file = std::size_t{1} << 28;
constexpr std::uint64_t most_pixels = std::uint64_t{1} << 24;
constexpr char remedy[] = "; save the picture again";

/// A big-endian 32-bit number.
std::uint32_t number_at(std::span<const std::uint8_t> bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 |
         bytes[3];
}

/// Reads and checks the IHDR chunk.
void read_header(const std::filesystem::path& path, std::span<const std::uint8_t> header,
                 png_source& source) {
  const std::uint64_t width = number_at(header), height = number_at(header.subspan(4));
  const std::uint64_t depth = header[8];
  const int color_type = header[9];
  if (width == 0 || height == 0 || width > most_pixels || height > most_pixels ||
      width * height > most_pixels)
    fail(path, "declares " + std::to_string(height) + "x" + std::to_string(width) +
                   " pixels, expected 1 to 16777216 in all; resize it");
  source.extent = {static_cast<int>(height), static_cast<int>(width), color_type & 2 ? 3 : 1};
  source.wide = depth == 16;
}

/// Deflate compresses at most 1032 to 1, so a small file cannot hold a large image.
void check_enough(const std::filesystem::path& path, const png_source& source, int color_type, int depth,
                  std::uint64_t compressed) {
  const int samples = color_type == 2 ? 3 : color_type == 4 ? 2 : color_type == 6 ? 4 : 1;
  const auto width = static_cast<std::uint64_t>(source.extent.width);
  const std::uint64_t row = (width * static_cast<std::uint64_t>(samples * depth) + 7) / 8;
  if (static_cast<std::uint64_t>(source.extent.height) * row > compressed * 1032)
    fail(path, "declares " + std::to_string(source.extent.height) + "x" +
                   std::to_string(source.extent.width) + " pixels, too many for its " +
                   std::to_string(compressed) + " bytes of image data" + remedy);
}

}  // namespace

png_source read_png_source(input_file& in) {
  const auto signature = in.peek(sizeof png_signature);
  if (!std::ranges::equal(signature, std::span(png_signature).first(signature.size())) || signature.empty())
    fail(in.path(), kind_of(in, "a PNG file") + "; convert the picture to PNG");
  const auto file = in.read_up_to(longest_file + 1);
  if (file.size() > longest_file) fail(in.path(), "is larger than 256 MiB; resize the picture");
  std::span<const std::uint8_t> rest(file);
  const auto take = [&](std::size_t count) {
    if (rest.size() < count) fail(in.path(), "the PNG data are cut short; copy the file again");
    const auto taken = rest.first(count);
    rest = rest.subspan(count);
    return taken;
  };
  take(sizeof png_signature);

  png_source source;
  source.bytes.assign(std::begin(png_signature), std::end(png_signature));
  std::uint64_t compressed = 0;
  std::span<const std::uint8_t> header;
  for (std::string_view type; type != "IEND";) {
    const auto start = rest;
    const std::uint32_t length = number_at(take(4));
    type = {reinterpret_cast<const char*>(take(4).data()), 4};
    const auto body = take(length);
    take(4);  // the CRC, which libpng checks
    if (header.empty()) {
      if (type != "IHDR" || length != 13)
        fail(in.path(), std::string("the PNG data do not begin with a header") + remedy);
      header = body;
      read_header(in.path(), header, source);
    }
    if (type == "IDAT") compressed += length;
    const bool ancillary = (type[0] & 0x20) != 0;
    if (!ancillary || type == "tRNS")
      source.bytes.insert(source.bytes.end(), start.begin(), start.begin() + 12 + length);
  }
  source.trailing = rest.size();
  check_enough(in.path(), source, header[9], header[8], compressed);
  return source;
}

}  // namespace salient::detail
