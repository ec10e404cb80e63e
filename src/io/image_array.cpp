// SPDX-License-Identifier: MIT
#include "io/image_array.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "io/message.hpp"
#include "io/npy_header.hpp"
#include "io/pixels.hpp"

namespace salient::detail {
namespace {

using dimensions = std::vector<long>;

/// The memory layout of an array's values.
struct layout {
  int channels = 1;  // alpha included
  bool channels_first = false;
};

/// Whether `from` channels convert to `to`. Four channels of integers are taken as RGB and alpha, as
/// image viewers do.
bool can_become(long from, int to, bool integers) {
  return from == to ||
         (from == 4 && integers ? converts(3, to) : from <= 3 && converts(static_cast<int>(from), to));
}

/// The layout by which an array of these dimensions is an image of the expected height and width, if any.
/// Channels-last wins if both orders fit. With `any`, any number of channels fits.
std::optional<layout> layout_of(dimensions d, shape expected, bool integers, bool any = false) {
  if (d.size() == 4 && d[0] == 1) d.erase(d.begin());  // a batch of one
  if (d.size() == 2) d.push_back(1);
  if (d.size() != 3) return {};
  const auto fits = [&](long height, long width, long channels) {
    return height == expected.height && width == expected.width && height > 0 && width > 0 && channels > 0 &&
           (any || can_become(channels, expected.channels, integers));
  };
  if (fits(d[0], d[1], d[2])) return layout{static_cast<int>(std::min(d[2], 1L << 30)), false};
  if (fits(d[1], d[2], d[0])) return layout{static_cast<int>(std::min(d[0], 1L << 30)), true};
  return {};
}

/// Explains why the dimensions do not fit, and what to do.
std::string advice(dimensions d, shape expected, bool integers) {
  const std::string height = std::to_string(expected.height), width = std::to_string(expected.width),
                    channels = std::to_string(expected.channels);
  if (d.size() == 4) {
    const long images = std::exchange(d[0], 1);
    if (layout_of(d, expected, integers))
      return "these are " + std::to_string(images) + " images, so save one of them";
  }
  if (const auto found = layout_of(d, expected, integers, true))
    return "the size fits but not the " + std::to_string(found->channels) + " channels, so save " + channels +
           (found->channels > expected.channels ? " of them" : "");
  const shape turned{expected.width, expected.height, expected.channels};
  if (layout_of(d, turned, integers, true)) return "height and width are exchanged, so transpose the array";
  const bool one_row = std::ranges::count_if(d, [](long n) { return n != 1; }) == 1;
  if (one_row && std::ranges::find(d, expected.elements()) != d.end())
    return "the number of values fits, so save it with .reshape(" + height + ", " + width +
           (expected.channels == 1 ? ")" : ", " + channels + ")");
  return "resize it or choose another network";
}

/// Converts planar values (channels first) to interleaved ones (channels last).
std::vector<float> channels_last(const std::vector<float>& values, std::size_t channels) {
  const std::size_t positions = values.size() / channels;
  std::vector<float> result(values.size());
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < positions; ++i) result[i * channels + c] = values[c * positions + i];
  return result;
}

bool has_integers(const npy_header& header) {
  return is_integer(header.kind) && header.kind != number::boolean;
}

std::string whole(float value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.0f", static_cast<double>(value));
  return text;
}

/// The value that becomes 1. Floats and bools lie in 0..1 already. Integers of any width are taken as 0..255,
/// as 8-bit ones are; they are refused where this is doubtful.
float white_of(const std::filesystem::path& path, const npy_header& header,
               const std::vector<float>& values) {
  if (!has_integers(header)) return 1;
  if (header.kind == number::u8) return 255;
  const auto [lowest, highest] = std::ranges::minmax(values);
  const std::string what = "holds integers (" + header.dtype + ") ";
  if (lowest < 0 || highest > 255)
    fail(path, what + "from " + whole(lowest) + " to " + whole(highest) +
                   ", expected 0 to 255; scale them to that and save with .astype(numpy.uint8)");
  if (highest == 1)
    fail(path,
         what +
             "0 and 1 alone, where 1 may be white or nearly black; save them with .astype(numpy.float32) for "
             "white, or with .astype(numpy.uint8) for 1 of 255");
  return 255;
}

}  // namespace

void check_array(const std::filesystem::path& path, const npy_header& header, shape expected) {
  if (!layout_of(header.dimensions, expected, has_integers(header)))
    fail(path, "the network needs a " +
                   dimensions_text(dimensions{expected.height, expected.width, expected.channels}) +
                   " image, got " + dimensions_text(header.dimensions) + "; " +
                   advice(header.dimensions, expected, has_integers(header)));
}

tensor image_of_values(const std::filesystem::path& path, const npy_header& header, std::vector<float> values,
                       shape expected, const warning_handler& warn) {
  const layout found = layout_of(header.dimensions, expected, has_integers(header)).value();
  if (found.channels_first && found.channels > 1)
    values = channels_last(values, static_cast<std::size_t>(found.channels));

  const bool alpha = found.channels == 4 && expected.channels != 4;
  const pixel_format format{
      .channels = found.channels - (alpha ? 1 : 0), .alpha = alpha, .white = white_of(path, header, values)};
  pixel_losses lost;
  tensor result = to_pixels(std::span<const float>(values), format, expected, lost);
  warn_of(warn, path, lost);
  return result;
}

tensor image_of_array(input_file& in, shape expected, const warning_handler& warn) {
  const npy_header header = read_npy_header(in);
  check_array(in.path(), header, expected);
  return image_of_values(in.path(), header, read_npy_values(in, header).values, expected, warn);
}

}  // namespace salient::detail
