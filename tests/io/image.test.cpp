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

bytes npy_of(const std::string& dtype, const std::string& shape, const bytes& values) {
  const std::string header = "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': " + shape + "}";
  return bytes{0x93} + text("NUMPY\x01") + bytes{0} + little_endian(header.size(), 2) + text(header) + values;
}
bytes npy_of_bytes(const std::string& shape, const bytes& values) { return npy_of("|u1", shape, values); }

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

/// Collects a reader's warnings, without file names.
struct heard {
  words warnings;
  warning_handler handler() {
    return [this](const std::string& message) {
      const auto at = message.find(": ");
      EXPECT_NE(at, std::string::npos) << message;
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
      warnings.push_back(message.substr(at + 2));
    };
  }
};
const std::string colour_dropped = "is in colour and is read as grey, 0.299 R + 0.587 G + 0.114 B",
                  transparency_dropped = "has transparent pixels, which are laid over black";

TEST_F(image, another_size_is_refused) {
  const shape digit{28, 28, 1};
  const auto refuses = [&](shape expected, const std::string& message) {
    for (const char* name : {"a.png", "a.npy"})
      if (std::filesystem::exists(path(name)))
        expect_error(path(name), {message}, [&] { read_image(path(name), expected); });
    for (const char* name : {"a.png", "a.npy"}) std::filesystem::remove(path(name));
  };
  write_png(path("a.png"), {32, 30, 3, bytes(32 * 30 * 3)});
  write_npy(path("a.npy"), std::vector<float>(32 * 30 * 3), {32, 30, 3});
  refuses(digit, "the network needs a 28x28x1 image, got 32x30x3; resize it or choose another network");
  write_png(path("a.png"), {32, 30, 1, bytes(32 * 30)});
  refuses({30, 32, 1}, "got 32x30x1; height and width are exchanged, so turn the picture");
  write_png(path("a.png"), {28, 28, 3, bytes(28 * 28 * 3)});
  refuses({28, 28, 4},
          "needs a 28x28x4 image, got 28x28x3; the size fits but a PNG or JPEG has 1 or 3 channels, so save");

  struct misfit {
    std::vector<long> dimensions;
    shape expected;
    std::string message;
  };
  for (const auto& [dimensions, expected, message] : {
           misfit{{28, 14, 2}, digit, "got 28x14x2; resize it or choose another network"},
           misfit{{14, 56}, digit, "got 14x56; resize it"},
           misfit{{784}, digit, "got 784; the number of values fits, so save it with .reshape(28, 28)"},
           misfit{{1, 784}, digit, "got 1x784; the number of values fits, so save it with .reshape(28, 28)"},
           misfit{{48}, {4, 4, 3}, "got 48; the number of values fits, so save it with .reshape(4, 4, 3)"},
           misfit{{785}, digit, "got 785; resize it"},
           misfit{{}, digit, "got a scalar; resize it"},
           misfit{{28, 28, 2}, digit, "got 28x28x2; the size fits but not the 2 channels, so save 1 of them"},
           misfit{{5, 28, 28}, digit, "got 5x28x28; the size fits but not the 5 channels, so save 1 of them"},
           misfit{{28, 28, 2}, {28, 28, 3}, "the size fits but not the 2 channels, so save 3"},
           misfit{{28, 28, 4}, {28, 28, 3}, "the size fits but not the 4 channels, so save 3 of them"},
           misfit{{5, 28, 28, 1}, digit, "got 5x28x28x1; these are 5 images, so save one of them"},
           misfit{{5, 1, 28, 28}, digit, "got 5x1x28x28; these are 5 images, so save one of them"},
           misfit{{1, 1, 1, 28, 28}, digit, "got 1x1x1x28x28; resize it"},
           misfit{{30, 20}, {20, 30, 1}, "got 30x20; height and width are exchanged, so transpose the array"},
           misfit{{3, 30, 20}, {20, 30, 3}, "height and width are exchanged"},
       }) {
    long count = 1;
    for (const long d : dimensions) count *= d;
    write_npy(path("a.npy"), std::vector<float>(static_cast<std::size_t>(count)), dimensions);
    refuses(expected, message);
  }
}

TEST_F(image, colour_becomes_grey_as_pillow_makes_it) {
  // As PIL.Image.fromarray(colours).convert("L").
  const bytes colours = {255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 17, 17, 17, 200, 100, 50};
  const std::vector<float> expected = {76 / 255.0F, 150 / 255.0F, 29 / 255.0F,
                                       2 / 255.0F,  17 / 255.0F,  124 / 255.0F};
  write_png(path("a.png"), {2, 3, 3, colours});
  save("last.npy", npy_of_bytes("(2, 3, 3)", colours));
  bytes planes(18);
  for (std::size_t i = 0; i < 18; ++i) planes[i % 3 * 6 + i / 3] = colours[i];
  save("first.npy", npy_of_bytes("(3, 2, 3)", planes));
  for (const std::string name : {"a.png", "last.npy", "first.npy"}) {
    heard said;
    EXPECT_EQ(read_image(path(name), {2, 3, 1}, said.handler()).values, expected) << name;
    EXPECT_EQ(said.warnings, words{colour_dropped}) << name;
    EXPECT_EQ(read_image(path(name), {2, 3, 1}).values, expected) << "without a handler";
  }
}

TEST_F(image, colour_in_any_channel_is_colour) {
  for (const bytes& pixel : {bytes{9, 8, 8}, {8, 9, 8}, {8, 8, 9}}) {
    heard said;
    read_image(save("a.npy", npy_of_bytes("(1, 1, 3)", pixel)), {1, 1, 1}, said.handler());
    EXPECT_EQ(said.warnings, words{colour_dropped});
  }
}

TEST_F(image, colour_that_is_grey_already_loses_nothing) {
  const bytes header = png_header(1, 256, 8, palette);
  bytes greys, row{0};
  for (int v = 0; v < 256; ++v) {
    greys.insert(greys.end(), 3, static_cast<std::uint8_t>(v));
    row.push_back(static_cast<std::uint8_t>(v));
  }
  save("palette.png", png_of(header + png_chunk("PLTE", greys) + png_data(row)));
  bytes wide{0};
  for (int v = 0; v < 256; ++v)
    for (int c = 0; c < 3; ++c) wide = wide + big_endian(static_cast<std::uint64_t>(257 * v), 2);
  save("wide.png", png_of(png_header(1, 256, 16, rgb) + png_data(wide)));
  std::vector<float> floats;
  for (int v = 0; v < 256; ++v) floats.insert(floats.end(), 3, static_cast<float>(v) / 255);
  write_npy(path("floats.npy"), floats, {1, 256, 3});
  for (const std::string name : {"palette.png", "wide.png", "floats.npy"}) {
    heard said;
    const tensor found = read_image(path(name), {1, 256, 1}, said.handler());
    for (int v = 0; v < 256; ++v) EXPECT_EQ(found(0, 0, v, 0), static_cast<float>(v) / 255) << name;
    EXPECT_EQ(said.warnings, words{}) << name;
  }
}

TEST_F(image, colour_of_floats_and_of_16_bits_is_not_rounded) {
  write_npy(path("a.npy"), std::vector<float>{1, 0.5F, 0.25F}, {1, 1, 3});
  const float expected = (19595 + 38470 * 0.5F + 7471 * 0.25F) / 65536;
  EXPECT_FLOAT_EQ(read_image(path("a.npy"), {1, 1, 1}).values[0], expected);
  const bytes pixel = {0, 0xff, 0xff, 0x80, 0x00, 0x40, 0x00};
  save("a.png", png_of(png_header(1, 1, 16, rgb) + png_data(pixel)));
  EXPECT_FLOAT_EQ(read_image(path("a.png"), {1, 1, 1}).values[0],
                  (19595 * 65535.0F + 38470 * 32768.0F + 7471 * 16384.0F) / 65536 / 65535);
}

TEST_F(image, grey_fills_three_channels) {
  const std::vector<float> expected = {0.2F, 0.2F, 0.2F, 0.6F, 0.6F, 0.6F};
  write_png(path("a.png"), {1, 2, 1, {51, 153}});
  save("bytes.npy", npy_of_bytes("(1, 2)", {51, 153}));
  write_npy(path("first.npy"), std::vector<float>{0.2F, 0.6F}, {1, 1, 2});
  write_npy(path("last.npy"), std::vector<float>{0.2F, 0.6F}, {1, 2, 1});
  for (const std::string name : {"a.png", "bytes.npy", "first.npy", "last.npy"}) {
    heard said;
    EXPECT_EQ(read_image(path(name), {1, 2, 3}, said.handler()).values, expected) << name;
    EXPECT_EQ(said.warnings, words{}) << name;
  }
}

TEST_F(image, transparency_is_laid_over_black) {
  const bytes rgba = {255, 102, 0, 255, 255, 102, 0, 51};
  save("a.png", png_of(png_header(1, 2, 8, rgb_alpha) + png_data(bytes{0} + rgba)));
  save("last.npy", npy_of_bytes("(1, 2, 4)", rgba));
  save("first.npy", npy_of_bytes("(4, 1, 2)", {255, 255, 102, 102, 0, 0, 255, 51}));
  save("wide.npy", npy_of("<i4", "(1, 2, 4)", raw<std::int32_t>({255, 102, 0, 255, 255, 102, 0, 51})));
  for (const std::string name : {"a.png", "last.npy", "first.npy", "wide.npy"}) {
    heard said;
    const tensor colour = read_image(path(name), {1, 2, 3}, said.handler());
    const std::vector<float> expected = {1, 0.4F, 0, 0.2F, 0.08F, 0};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_FLOAT_EQ(colour.values[i], expected[i]) << name;
    EXPECT_EQ(said.warnings, words{transparency_dropped}) << name;
    const tensor grey = read_image(path(name), {1, 2, 1}, said.handler());
    EXPECT_FLOAT_EQ(grey.values[0], 136 / 255.0F) << name;
    EXPECT_FLOAT_EQ(grey.values[1], 136 / 255.0F * 0.2F) << name;
    EXPECT_EQ(said.warnings, (words{transparency_dropped, colour_dropped, transparency_dropped})) << name;
  }
  // Four channels that are not integers need not be RGBA.
  const auto flags = save("flags.npy", npy_of("|b1", "(1, 2, 4)", bytes(8, 1)));
  expect_error(flags, {"4 channels"}, [&] { read_image(flags, {1, 2, 3}); });
  write_npy(path("floats.npy"), std::vector<float>(8), {1, 2, 4});
  expect_error(path("floats.npy"), {"4 channels"}, [&] { read_image(path("floats.npy"), {1, 2, 3}); });
  EXPECT_EQ(read_image(path("floats.npy"), {1, 2, 4}).extent, (shape{1, 2, 4}));
}

TEST_F(image, opaque_alpha_is_no_warning) {
  save("a.png", png_of(png_header(1, 1, 8, rgb_alpha) + png_data({0, 255, 102, 0, 255})));
  save("b.png", png_of(png_header(1, 1, 16, grey_alpha) + png_data({0, 12, 34, 0xff, 0xff})));
  for (const std::string name : {"a.png", "b.png"}) {
    heard said;
    read_image(path(name), {1, 1, 3}, said.handler());
    EXPECT_EQ(said.warnings, words{}) << name;
  }
}

TEST_F(image, channels_may_come_first_where_the_dimensions_leave_no_doubt) {
  const auto reads = [&](const std::vector<long>& dimensions, shape expected,
                         const std::vector<float>& values) {
    std::vector<float> stored(values.size());
    for (std::size_t i = 0; i < stored.size(); ++i) stored[i] = static_cast<float>(i);
    write_npy(path("a.npy"), stored, dimensions);
    const tensor found = read_image(path("a.npy"), expected);
    EXPECT_EQ(found.extent, expected);
    EXPECT_EQ(found.batch, 1);
    EXPECT_EQ(found.values, values);
  };
  const std::vector<float> as_stored = {0, 1, 2, 3, 4, 5}, transposed = {0, 2, 4, 1, 3, 5};
  reads({1, 2, 3}, {2, 3, 1}, as_stored);
  reads({3, 1, 2}, {1, 2, 3}, transposed);
  reads({2, 1, 3}, {1, 3, 2}, {0, 3, 1, 4, 2, 5});
  reads({1, 2, 3, 1}, {2, 3, 1}, as_stored);
  reads({1, 1, 2, 3}, {2, 3, 1}, as_stored);
  reads({1, 3, 1, 2}, {1, 2, 3}, transposed);
  // Height x width x channels and channels x height x width both fit; the documented order is chosen.
  std::vector<float> cube(27);
  for (std::size_t i = 0; i < cube.size(); ++i) cube[i] = static_cast<float>(i);
  reads({3, 3, 3}, {3, 3, 3}, cube);
}

TEST_F(image, integers_of_any_width_are_read_as_bytes_are) {
  const std::vector<float> expected = {0, 0.2F, 1};
  const std::vector<std::pair<std::string, bytes>> cases = {
      {"|u1", {0, 51, 255}},
      {"<u2", raw<std::uint16_t>({0, 51, 255})},
      {"<i2", raw<std::int16_t>({0, 51, 255})},
      {"<u4", raw<std::uint32_t>({0, 51, 255})},
      {"<i4", raw<std::int32_t>({0, 51, 255})},
      {"<u8", raw<std::uint64_t>({0, 51, 255})},
      {"<i8", raw<std::int64_t>({0, 51, 255})},
  };
  for (const auto& [dtype, values] : cases)
    EXPECT_EQ(read_image(save("a", npy_of(dtype, "(1, 3)", values)), {1, 3, 1}).values, expected) << dtype;
  EXPECT_EQ(read_image(save("a", npy_of("|i1", "(1, 3)", {0, 51, 102})), {1, 3, 1}).values,
            (std::vector<float>{0, 0.2F, 0.4F}));
  EXPECT_EQ(read_image(save("a", npy_of("|b1", "(1, 3)", {0, 1, 1})), {1, 3, 1}).values,
            (std::vector<float>{0, 1, 1}));
  EXPECT_EQ(read_image(save("a", npy_of("<i4", "(1, 2)", bytes(8))), {1, 2, 1}).values,
            (std::vector<float>{0, 0}));
}

TEST_F(image, integers_that_may_not_be_0_to_255_are_refused) {
  const std::vector<std::pair<bytes, words>> cases = {
      {npy_of("<i8", "(1, 2)", raw<std::int64_t>({-1, 255})),
       {"integers (i8) from -1 to 255", ".astype(numpy.uint8)"}},
      {npy_of("<u2", "(1, 2)", raw<std::uint16_t>({0, 4095})),
       {"(u2) from 0 to 4095, expected 0 to 255", "scale"}},
      {npy_of("<u8", "(1, 2)", raw<std::uint64_t>({3, 1ULL << 63})), {"from 3 to 9223372036854775808"}},
      {npy_of("|i1", "(1, 2)", {0x80, 0x7f}), {"from -128 to 127"}},
      {npy_of("<i4", "(1, 2)", raw<std::int32_t>({0, 1})),
       {"0 and 1 alone", ".astype(numpy.float32) for white"}},
      {npy_of("<i4", "(1, 2)", raw<std::int32_t>({1, 1})), {"0 and 1 alone"}},
  };
  for (const auto& [file, expected] : cases) {
    const auto bad = save("bad", file);
    expect_error(bad, expected, [&] { read_image(bad, {1, 2, 1}); });
  }
}

TEST_F(image, bytes_after_a_png_are_a_warning) {
  write_png(path("a.png"), {1, 1, 1, {51}});
  for (const std::string more : {"\n", "any more bytes"}) {
    const auto longer = save("longer.png", content(path("a.png")) + text(more));
    heard said;
    EXPECT_EQ(read_image(longer, {1, 1, 1}, said.handler()).values, std::vector<float>{0.2F});
    EXPECT_EQ(said.warnings, words{"has bytes after the end of the picture (" + std::to_string(more.size()) +
                                   "), which are ignored"});
    EXPECT_EQ(read_png(longer, 1).values, std::vector<float>{0.2F});
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
  expect_error(other, {"the JPEG data are cut short"}, [&] { read_image(other, {1, 2, 1}); });
  const auto none = save("empty.png", {});
  expect_error(none, {"is empty, expected a PNG, a JPEG or an NPY file"},
               [&] { read_image(none, {1, 2, 1}); });
  const auto text_file = save("a.txt", text("words"));
  expect_error(text_file, {"is not a PNG, a JPEG or an NPY file"}, [&] { read_image(text_file, {1, 2, 1}); });
  expect_error(path("absent.png"), {"no such file"}, [&] { read_image(path("absent.png"), {1, 2, 1}); });
}

}  // namespace
}  // namespace salient::test
