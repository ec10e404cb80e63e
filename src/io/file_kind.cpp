// SPDX-License-Identifier: MIT
#include "io/file_kind.hpp"

#include <algorithm>
#include <string_view>

namespace salient::detail {
namespace {

using namespace std::string_view_literals;

struct kind {
  std::string_view start, name;
};
constexpr kind kinds[] = {
    {"\x89PNG\r\n\x1a\n"sv, "a PNG"},
    {"\x93NUMPY"sv, "an NPY file of NumPy"},
    {"\xff\xd8\xff"sv, "a JPEG"},
    {"GIF8"sv, "a GIF"},
    {"BM"sv, "a BMP"},
    {"II*\0"sv, "a TIFF"},
    {"MM\0*"sv, "a TIFF"},
    {"RIFF"sv, "a RIFF file such as a WebP"},
    {"PK\3\4"sv, "a ZIP archive, as NumPy's .npz and PyTorch's .pt are"},
    {"\x80\2"sv, "a pickle, as old files of PyTorch are"},
    {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file, as Keras writes"},
    {"\x1f\x8b"sv, "a gzip file"},
};
constexpr std::size_t longest = 8;

}  // namespace

std::string kind_of(input_file& in, const std::string& expected) {
  return kind_of(in.peek(longest), expected);
}

std::string kind_of(std::span<const std::uint8_t> bytes, const std::string& expected) {
  if (bytes.empty()) return "is empty, expected " + expected;
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto known = std::ranges::find_if(kinds, [&](const kind& k) { return start.starts_with(k.start); });
  return known == std::end(kinds) ? "is not " + expected
                                  : "is " + std::string(known->name) + ", expected " + expected;
}

}  // namespace salient::detail
