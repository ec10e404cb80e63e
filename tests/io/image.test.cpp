// SPDX-License-Identifier: MIT
#include "salient/io/image.hpp"

#include <cmath>

#include "io/allocation_meter.hpp"
#include "io/png_builder.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/png.hpp"

namespace salient::test {
namespace {

class image : public in_folder {};

bytes npy_of_bytes(const std::string& shape, const bytes& values) {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + "}";
  return bytes{0x93} + text("NUMPY\x01") + bytes{0} + little_endian(header.size(), 2) + text(header) + values;
}

TEST_F(image, png_and_npy_are_told_by_content) {
  write_png(path("picture.npy"), {2, 3, 1, {0, 51, 102, 153, 204, 255}});
  const std::vector<float> expected = {0, 0.2F, 0.4F, 0.6F, 0.8F, 1};
  EXPECT_EQ(read_image(path("picture.npy"), {2, 3, 1}).values, expected);

  for (const std::vector<long>& dimensions : std::vector<std::vector<long>>{{2, 3}, {2, 3, 1}}) {
    write_npy(path("array.png"), expected, dimensions);
    const tensor found = read_image(path("array.png"), {2, 3, 1});
    EXPECT_EQ(found.extent, (shape{2, 3, 1}));
    EXPECT_EQ(found.values, expected);
  }
  EXPECT_EQ(
      read_image(save("bytes", npy_of_bytes("(2, 1, 3)", {0, 51, 102, 153, 204, 255})), {2, 1, 3}).values,
      expected);
}

TEST_F(image, another_shape_is_refused) {
  const shape digit{28, 28, 1};
  write_png(path("digit.png"), {32, 30, 3, bytes(32 * 30 * 3)});
  expect_error(path("digit.png"),
               {"the network needs a 28x28x1 image, got 32x30x3; resize it or choose another network"},
               [&] { read_image(path("digit.png"), digit); });
  write_png(path("digit.png"), {28, 28, 3, bytes(28 * 28 * 3)});
  expect_error(path("digit.png"), {"28x28x1", "got 28x28x3"}, [&] { read_image(path("digit.png"), digit); });
  write_png(path("digit.png"), {28, 28, 1, bytes(28 * 28)});
  expect_error(path("digit.png"), {"28x28x3", "got 28x28x1"},
               [&] { read_image(path("digit.png"), {28, 28, 3}); });

  const std::vector<float> zeros(28 * 28);
  for (const std::vector<long>& dimensions :
       std::vector<std::vector<long>>{{784}, {1, 28, 28}, {1, 28, 28, 1}, {28, 14, 2}, {14, 56}}) {
    write_npy(path("digit.npy"), zeros, dimensions);
    expect_error(path("digit.npy"), {"28x28x1", "got"}, [&] { read_image(path("digit.npy"), digit); });
  }
}

TEST_F(image, a_wrong_size_is_seen_before_decoding) {
  const auto large =
      save("large", png_of(png_header(4000, 4000, 8, grey) + png_chunk("IDAT", bytes(20'000))));
  EXPECT_LT(allocated_by(
                [&] { expect_error(large, {"got 4000x4000x1"}, [&] { read_image(large, {28, 28, 1}); }); }),
            1U << 19);
  const auto lying = save("lying", npy_of_bytes("(1000000, 1000000)", {1}));
  EXPECT_LT(allocated_by([&] {
              expect_error(lying, {"got 1000000x1000000"}, [&] { read_image(lying, {28, 28, 1}); });
            }),
            1U << 18);
}

TEST_F(image, defects_are_named) {
  write_npy(path("a.npy"), std::vector<float>{1, INFINITY}, {1, 2});
  expect_error(path("a.npy"), {"not finite", "element 1"}, [&] { read_image(path("a.npy"), {1, 2, 1}); });
  const auto other = save("photo.jpg", text("\xff\xd8\xff\xe0"));
  expect_error(other, {"neither a PNG nor an NPY"}, [&] { read_image(other, {1, 2, 1}); });
  const auto none = save("empty.png", {});
  expect_error(none, {"neither a PNG nor an NPY"}, [&] { read_image(none, {1, 2, 1}); });
  expect_error(path("absent.png"), {"no such file"}, [&] { read_image(path("absent.png"), {1, 2, 1}); });
}

}  // namespace
}  // namespace salient::test
