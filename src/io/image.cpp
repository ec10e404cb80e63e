// SPDX-License-Identifier: MIT
#include "salient/io/image.hpp"

#include <algorithm>
#include <string>

#include "io/message.hpp"
#include "io/npy_header.hpp"
#include "io/png_source.hpp"

namespace salient {
namespace {

std::vector<long> dimensions_of(shape s) { return {s.height, s.width, s.channels}; }

[[noreturn]] void fail_shape(const std::filesystem::path& path, shape expected,
                             const std::vector<long>& found) {
  detail::fail(path, "the network needs a " + detail::dimensions_text(dimensions_of(expected)) +
                         " image, got " + detail::dimensions_text(found) +
                         "; resize it or choose another network");
}

tensor from_png(input_file& in, shape expected) {
  const auto source = detail::read_png_source(in);
  if (source.extent != expected) fail_shape(in.path(), expected, dimensions_of(source.extent));
  return detail::decode_png(source, in.path());
}

tensor from_npy(input_file& in, shape expected) {
  const auto header = detail::read_npy_header(in);
  auto dimensions = header.dimensions;
  if (dimensions.size() == 2) dimensions.push_back(1);
  if (dimensions != dimensions_of(expected)) fail_shape(in.path(), expected, header.dimensions);
  tensor result(expected);
  result.values = detail::read_npy_values(in, header).values;
  if (header.kind == detail::number::u8)
    for (float& value : result.values) value /= 255;
  return result;
}

}  // namespace

tensor read_image(const std::filesystem::path& path, shape expected) {
  input_file in(path);
  const auto begins_with = [&](std::span<const std::uint8_t> signature) {
    return std::ranges::equal(in.peek(signature.size()), signature);
  };
  if (begins_with(detail::png_signature)) return from_png(in, expected);
  if (begins_with(detail::npy_signature)) return from_npy(in, expected);
  detail::fail(path, "is neither a PNG nor an NPY file; convert the picture to PNG");
}

}  // namespace salient
