// SPDX-License-Identifier: MIT
#include "io/file_kind.hpp"

#include "io/bad_input.hpp"

namespace salient::test {
namespace {

class file_kind : public in_folder {};

TEST_F(file_kind, is_told_by_the_first_bytes) {
  const std::vector<std::pair<bytes, std::string>> cases = {
      {{}, "is empty, expected a map"},
      {text("x"), "is not a map"},
      {text("some words"), "is not a map"},
      {text("\x89PNG\r\n\x1a\n and more"), "is a PNG, expected a map"},
      {text("\x89PNG\r\n\x1a"), "is not a map"},
      {text("\x93NUMPY\x01"), "is an NPY file of NumPy, expected a map"},
      {text("\xff\xd8\xff\xe1"), "is a JPEG, expected a map"},
      {text("GIF89a"), "is a GIF, expected a map"},
      {text("BM6"), "is a BMP, expected a map"},
      {text("II*") + bytes{0}, "is a TIFF, expected a map"},
      {bytes{'M', 'M', 0, '*'}, "is a TIFF, expected a map"},
      {text("RIFF1234WEBP"), "is a RIFF file such as a WebP, expected a map"},
      {text("PK\x03\x04"), "is a ZIP archive, as NumPy's .npz and PyTorch's .pt are, expected a map"},
      {bytes{0x80, 2}, "is a pickle, as old files of PyTorch are, expected a map"},
      {bytes{0x1f, 0x8b, 8}, "is a gzip file, expected a map"},
  };
  for (const auto& [content, expected] : cases) {
    input_file in(save("a", content));
    EXPECT_EQ(detail::kind_of(in, "a map"), expected);
    EXPECT_EQ(in.read_up_to(100), content) << "nothing is consumed";
  }
}

}  // namespace
}  // namespace salient::test
