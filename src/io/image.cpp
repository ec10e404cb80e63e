// SPDX-License-Identifier: MIT
#include "salient/io/image.hpp"

#include <algorithm>
#include <string>

#include "io/file_kind.hpp"
#include "io/image_array.hpp"
#include "io/message.hpp"
#include "io/npy_header.hpp"
#include "io/png_source.hpp"

namespace salient {
namespace {

std::string text_of(shape s) {
  return detail::dimensions_text(std::vector<long>{s.height, s.width, s.channels});
}

tensor image_of_png(input_file& in, shape expected, const warning_handler& warn) {
  const auto source = detail::read_png_source(in);
  const shape found = source.extent;
  const auto fail = [&](const std::string& advice) {
    detail::fail(in.path(), "the network needs a " + text_of(expected) + " image, got " + text_of(found) +
                                "; " + advice);
  };
  if (found.height != expected.height || found.width != expected.width)
    fail(found.height == expected.width && found.width == expected.height
             ? "height and width are exchanged, so turn the picture"
             : "resize it or choose another network");
  if (expected.channels != 1 && expected.channels != 3)
    fail("the size fits but a PNG has 1 or 3 channels, so save an array as .npy");
  return detail::decode_png(source, in.path(), expected.channels, warn);
}

}  // namespace

tensor read_image(const std::filesystem::path& path, shape expected, const warning_handler& warn) {
  input_file in(path);
  const auto begins_with = [&](std::span<const std::uint8_t> signature) {
    return std::ranges::equal(in.peek(signature.size()), signature);
  };
  if (begins_with(detail::png_signature)) return image_of_png(in, expected, warn);
  if (begins_with(detail::npy_signature)) return detail::image_of_array(in, expected, warn);
  detail::fail(path, detail::kind_of(in, "a PNG or an NPY file") +
                         "; convert a picture to PNG, or save one array with numpy.save");
}

}  // namespace salient
