// SPDX-License-Identifier: MIT
#include "salient/io/image.hpp"

#include <algorithm>
#include <string>

#include "io/file_kind.hpp"
#include "io/image_array.hpp"
#include "io/jpeg.hpp"
#include "io/message.hpp"
#include "io/npy_header.hpp"
#include "io/png_source.hpp"

namespace salient {
namespace {

std::string text_of(shape s) {
  return detail::dimensions_text(std::vector<long>{s.height, s.width, s.channels});
}

/// Throws unless a picture of this extent is of the network's size.
void check_size(const std::filesystem::path& path, shape found, shape expected, const fitting& how) {
  const auto fail = [&](const std::string& advice) {
    detail::fail(
        path, "the network needs a " + text_of(expected) + " image, got " + text_of(found) + "; " + advice);
  };
  if (how.resize == 0 && size(found) != size(expected))
    fail(found.height == expected.width && found.width == expected.height
             ? "height and width are exchanged, so turn the picture"
             : "resize it or choose another network");
  if (expected.channels != 1 && expected.channels != 3)
    fail("the size fits but a PNG or JPEG has 1 or 3 channels, so save an array as .npy");
}

/// The picture, fitted, with values 0..1.
tensor fitted(const picture& found, shape expected, const fitting& how) {
  const picture p = fit(found, size(expected), how);
  tensor result(expected);
  std::ranges::transform(p.bytes, result.values.begin(),
                         [](std::uint8_t b) { return static_cast<float>(b) / 255; });
  return result;
}

tensor image_of_png(input_file& in, shape expected, const fitting& how, const warning_handler& warn) {
  const auto source = detail::read_png_source(in);
  check_size(in.path(), source.extent, expected, how);
  tensor found = detail::decode_png(source, in.path(), expected.channels, warn);
  if (how.resize == 0) return found;
  picture p{found.extent.height, found.extent.width, found.extent.channels, {}};
  p.bytes.resize(found.values.size());
  std::ranges::transform(found.values, p.bytes.begin(),
                         [](float v) { return static_cast<std::uint8_t>(v * 255 + 0.5F); });
  found = {};
  return fitted(p, expected, how);
}

tensor image_of_jpeg(input_file& in, shape expected, const fitting& how, const warning_handler& warn) {
  const auto check = [&](shape found) { check_size(in.path(), found, expected, how); };
  return fitted(detail::decode_jpeg(in, expected.channels, check, warn), expected, how);
}

}  // namespace

tensor read_image(const std::filesystem::path& path, shape expected, const fitting& how,
                  const warning_handler& warn) {
  input_file in(path);
  const auto begins_with = [&](std::span<const std::uint8_t> signature) {
    return std::ranges::equal(in.peek(signature.size()), signature);
  };
  if (begins_with(detail::png_signature)) return image_of_png(in, expected, how, warn);
  if (begins_with(detail::jpeg_signature)) return image_of_jpeg(in, expected, how, warn);
  if (begins_with(detail::npy_signature)) return detail::image_of_array(in, expected, warn);
  detail::fail(path, detail::kind_of(in, "a PNG, a JPEG or an NPY file") +
                         "; convert a picture to PNG or JPEG, or save one array with numpy.save");
}

tensor read_image(const std::filesystem::path& path, shape expected, const warning_handler& warn) {
  return read_image(path, expected, fitting{}, warn);
}

}  // namespace salient
