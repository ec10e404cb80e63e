// SPDX-License-Identifier: MIT
#include "salient/io/png.hpp"

#include <algorithm>

#include "io/allocation_meter.hpp"
#include "io/png_builder.hpp"

namespace salient::test {
namespace {

class png : public in_folder {};

picture ramp(int height, int width, int channels) {
  picture result{height, width, channels, bytes(static_cast<std::size_t>(height * width * channels))};
  for (std::size_t i = 0; i < result.bytes.size(); ++i)
    result.bytes[i] = static_cast<std::uint8_t>(37 * i + i / 7);
  return result;
}

TEST_F(png, round_trip) {
  for (const auto& [height, width] : {std::pair{1, 1}, {28, 28}, {3, 50}, {300, 7}})
    for (const int channels : {1, 3}) {
      const picture drawn = ramp(height, width, channels);
      write_png(path("a.png"), drawn);
      EXPECT_EQ(content(path("a.png")), encode_png(drawn));
      const tensor found = read_png(path("a.png"), channels);
      EXPECT_EQ(found.batch, 1);
      ASSERT_EQ(found.extent, (shape{height, width, channels}));
      for (std::size_t i = 0; i < drawn.bytes.size(); ++i)
        ASSERT_EQ(found.values[i], static_cast<float>(drawn.bytes[i]) / 255);
    }
}

TEST_F(png, every_kind_is_read) {
  const bytes linear_gamma = png_chunk("gAMA", big_endian(100'000, 4));
  const bytes srgb = png_chunk("sRGB", {0});
  const bytes colours = png_chunk("PLTE", {255, 0, 0, 0, 51, 255});
  const std::vector<std::tuple<std::string, bytes, int, std::vector<float>>> cases = {
      {"grey 8", png_header(1, 2, 8, grey) + png_data({0, 0, 51}), 1, {0, 51}},
      {"grey 8 as RGB", png_header(1, 2, 8, grey) + png_data({0, 0, 51}), 3, {0, 0, 0, 51, 51, 51}},
      {"grey 1", png_header(1, 2, 1, grey) + png_data({0, 0x40}), 1, {0, 255}},
      {"grey 2", png_header(1, 2, 2, grey) + png_data({0, 0x60}), 1, {85, 170}},
      {"grey 16",
       png_header(1, 2, 16, grey) + png_data({0, 0x30, 0x39, 0xff, 0xff}),
       1,
       {12345 / 257.0F, 255}},
      {"grey 16 sRGB", png_header(1, 1, 16, grey) + srgb + png_data({0, 0x30, 0x39}), 1, {12345 / 257.0F}},
      {"grey 8 with gamma", png_header(1, 2, 8, grey) + linear_gamma + png_data({0, 0, 51}), 1, {0, 51}},
      {"grey 8 transparent",
       png_header(1, 2, 8, grey) + png_chunk("tRNS", {0, 51}) + png_data({0, 50, 51}),
       1,
       {50, 0}},
      {"grey alpha 8", png_header(1, 2, 8, grey_alpha) + png_data({0, 255, 51, 100, 255}), 1, {51, 100}},
      {"grey alpha 16", png_header(1, 1, 16, grey_alpha) + png_data({0, 0xff, 0xff, 0x33, 0x33}), 1, {51}},
      {"RGB 8", png_header(1, 1, 8, rgb) + png_data({0, 1, 2, 3}), 3, {1, 2, 3}},
      {"RGB 8 as grey",
       png_header(1, 1, 8, rgb) + png_data({0, 100, 200, 50}),
       1,
       {0.299F * 100 + 0.587F * 200 + 0.114F * 50}},
      {"RGB 16", png_header(1, 1, 16, rgb) + png_data({0, 1, 1, 2, 2, 0, 1}), 3, {1, 2, 1 / 257.0F}},
      {"RGB alpha 8", png_header(1, 1, 8, rgb_alpha) + png_data({0, 255, 100, 0, 51}), 3, {51, 20, 0}},
      {"palette 8", png_header(1, 2, 8, palette) + colours + png_data({0, 1, 0}), 3, {0, 51, 255, 255, 0, 0}},
      {"palette 1", png_header(1, 2, 1, palette) + colours + png_data({0, 0x80}), 3, {0, 51, 255, 255, 0, 0}},
      {"palette alpha",
       png_header(1, 1, 8, palette) + colours + png_chunk("tRNS", {255, 51}) + png_data({0, 1}),
       3,
       {0, 10.2F, 51}},
      {"interlaced", png_header(2, 2, 8, grey, 1) + png_data({0, 1, 0, 2, 0, 3, 4}), 1, {1, 2, 3, 4}},
  };
  for (const auto& [name, chunks, channels, expected] : cases) {
    const tensor found = read_png(save("a.png", png_of(chunks)), channels);
    ASSERT_EQ(found.values.size(), expected.size()) << name;
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(found.values[i] * 255, expected[i], 1e-4) << name;
  }
}

TEST_F(png, a_large_picture_of_one_colour_is_small) {
  // Deflate compresses by a factor of at most 1032; zlib comes close.
  const bytes data = png_data(bytes(3000 * 3001));
  EXPECT_GT(3000 * 3001, 1020 * data.size());
  const tensor found = read_png(save("a.png", png_of(png_header(3000, 3000, 8, grey) + data)), 1);
  EXPECT_EQ(found.extent, (shape{3000, 3000, 1}));
  EXPECT_EQ(std::ranges::count(found.values, 0.0F), 3000 * 3000);
}

TEST_F(png, a_picture_too_large_for_its_data_is_refused_before_memory_is_taken) {
  struct kind {
    int color_type, depth;
    std::size_t samples;
  };
  for (const auto& [color_type, depth, samples] : {kind{grey, 1, 1},
                                                   {grey, 2, 1},
                                                   {grey, 8, 1},
                                                   {grey, 16, 1},
                                                   {rgb, 8, 3},
                                                   {rgb, 16, 3},
                                                   {palette, 4, 1},
                                                   {palette, 8, 1},
                                                   {grey_alpha, 8, 2},
                                                   {grey_alpha, 16, 2},
                                                   {rgb_alpha, 8, 4},
                                                   {rgb_alpha, 16, 4}}) {
    const std::size_t row = (1001 * samples * static_cast<std::size_t>(depth) + 7) / 8;
    const std::size_t enough = (2000 * row + 1031) / 1032;
    const bytes header = png_header(2000, 1001, depth, color_type) +
                         (color_type == palette ? png_chunk("PLTE", bytes(3)) : bytes{});
    const auto file = [&](std::size_t data) {
      return save("a.png", png_of(header + png_chunk("IDAT", bytes(data))));
    };
    const auto little = file(enough - 1);
    expect_error(little, {"too many for its " + std::to_string(enough - 1) + " bytes"},
                 [&] { read_png(little, 1); });
    const auto sufficient = file(enough);
    expect_error(sufficient, {"corrupt"}, [&] { read_png(sufficient, 1); });
  }
}

TEST_F(png, bad_files_are_named) {
  const bytes header = png_header(1, 2, 8, grey), data = png_data({0, 0, 51});
  const auto damaged = [](bytes chunk) {
    chunk.back() ^= 1;
    return chunk;
  };
  const bytes sound = png_of(header + data);
  const std::vector<std::pair<bytes, words>> cases = {
      {{}, {"is empty, expected a PNG file"}},
      {text("words"), {"is not a PNG file"}},
      {text("\xff\xd8\xff\xe0 and more"), {"is a JPEG, expected a PNG file", "convert"}},
      {png_signature(), {"cut short"}},
      {png_signature() + header + data, {"cut short"}},
      {png_signature() + big_endian(0xffffffff, 4) + text("IHDR"), {"cut short"}},
      {png_of(data), {"begin with a header"}},
      {png_of(header), {"too many for its 0 bytes"}},
      {png_of(png_header(0, 2, 8, grey) + data), {"0x2 pixels"}},
      {png_of(png_header(1, 0x80000000, 8, grey) + data), {"1x2147483648 pixels"}},
      {png_of(png_header(65535, 65535, 8, grey) + data), {"65535x65535 pixels", "resize"}},
      {png_of(png_header(4000, 4000, 8, rgb) + data), {"4000x4000 pixels", "too many for its"}},
      {png_of(png_header(1, 2, 5, grey) + data), {"corrupt"}},
      {png_of(png_header(1, 2, 8, 7) + data), {"corrupt"}},
      {png_of(damaged(header) + data), {"corrupt", "CRC"}},
      {png_of(header + damaged(data)), {"corrupt", "CRC"}},
      {png_of(header + png_data({0, 1})), {"corrupt"}},
      {png_of(header + png_data({0, 1, 2, 3})), {"corrupt"}},
      {png_of(header + png_data({9, 1, 2})), {"corrupt", "filter"}},
      {png_of(header + png_chunk("IDAT", text("not zlib"))), {"corrupt"}},
      {png_of(header + png_chunk("ABCD", {}) + data), {"corrupt"}},
      {png_of(png_header(1, 2, 8, palette) + data), {"corrupt"}},
  };
  for (const auto& [file, expected] : cases) {
    const auto bad = save("bad.png", file);
    SCOPED_TRACE(expected.front());
    EXPECT_LT(allocated_by([&] { expect_error(bad, expected, [&] { read_png(bad, 1); }); }), 1U << 18);
  }
  EXPECT_TRUE(message_of([&] { read_png(save("a", sound), 2); }));
}

TEST_F(png, reader_laws) {
  const bytes extras = png_chunk("gAMA", big_endian(45'455, 4)) + png_chunk("tEXt", text("Title\0x"));
  const std::vector<bytes> files = {
      png_of(png_header(2, 2, 8, grey) + extras + png_data({0, 1, 2, 1, 3, 4})),
      png_of(png_header(1, 2, 16, rgb) + png_data({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})),
      png_of(png_header(1, 2, 8, palette) + png_chunk("PLTE", {255, 0, 0, 0, 51, 255}) +
             png_chunk("tRNS", {51}) + png_data({0, 1, 0})),
  };
  for (const bytes& sound : files) {
    const auto save_bad = [&](const bytes& file) { return save("bad", file); };
    every_prefix_throws(sound, save_bad, [](const auto& at) { read_png(at, 1); });
    every_flip_is_survived(sound, save_bad, [](const auto& at) { return read_png(at, 3).values; });
  }
}

TEST_F(png, pictures_must_be_sound) {
  const std::vector<picture> cases = {
      {0, 1, 1, {}},       {1, 0, 1, {}},        {1, 1, 2, bytes(2)},
      {1, 1, 1, bytes(2)}, {2, 2, 3, bytes(11)}, {-1, -1, 1, {1}},
  };
  for (const auto& bad : cases) {
    const auto message = message_of([&] { write_png(path("a.png"), bad); });
    ASSERT_TRUE(message);
    EXPECT_NE(message->find("a picture of " + std::to_string(bad.height) + "x"), std::string::npos)
        << *message;
  }
  EXPECT_TRUE(listing().empty());
  expect_error("/dev/full", {"no space"}, [] { write_png("/dev/full", ramp(2, 2, 1)); });
}

}  // namespace
}  // namespace salient::test
