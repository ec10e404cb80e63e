// SPDX-License-Identifier: MIT
#include "salient/io/jpeg.hpp"

#include <array>

#include "golden/pictures/references.hpp"
#include "io/allocation_meter.hpp"
#include "io/bad_input.hpp"
#include "salient/core/preprocessing.hpp"
#include "salient/graph/network.hpp"
#include "salient/io/image.hpp"
#include "salient/io/png.hpp"
#include "salient/layer/dense.hpp"
#include "salient/layer/flatten.hpp"

namespace salient::test {
namespace {

class jpeg : public in_folder {};

bytes from_base64(const std::string& text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  bytes result;
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(digits.find(c));
    if ((count += 6) >= 8) result.push_back(static_cast<std::uint8_t>(bits >> (count -= 8)));
  }
  return result;
}

/// The JPEG with this name in references.json.
bytes jpeg_named(const std::string& name) {
  for (const auto& c : picture_references("jpeg"))
    if (c.at("name") == name) return from_base64(c.at("jpeg"));
  ADD_FAILURE() << "there is no " << name;
  return {};
}

/// A segment with this marker and content.
bytes segment(std::uint8_t marker, const bytes& body) {
  return bytes{0xff, marker} + big_endian(body.size() + 2, 2) + body;
}

bytes with_segment(const bytes& file, const bytes& inserted) {
  return bytes(file.begin(), file.begin() + 2) + inserted + bytes(file.begin() + 2, file.end());
}

bytes exif(const bytes& tiff) { return segment(0xe1, text(std::string_view("Exif\0\0", 6)) + tiff); }

TEST_F(jpeg, of_every_kind_is_read_as_by_pillow) {
  for (const auto& c : picture_references("jpeg")) {
    const std::string name = c.at("name");
    const auto file = save("a.jpg", from_base64(c.at("jpeg")));
    expect_pixels(read_jpeg(file, 3), c.at("colour"), name + " in colour");
    expect_pixels(read_jpeg(file, 1), c.at("grey"), name + " as grey");
  }
}

TEST_F(jpeg, every_prefix_is_refused) {
  for (const char* name : {"baseline", "progressive", "restart markers"})
    every_prefix_throws(
        jpeg_named(name), [&](const bytes& b) { return save("a.jpg", b); },
        [](const auto& file) { read_jpeg(file, 3); });
}

TEST_F(jpeg, a_file_cut_short_says_so) {
  bytes file = jpeg_named("baseline");
  file.resize(file.size() / 2);
  expect_error(save("a.jpg", file), {"cut short", "copy the file again"},
               [&] { read_jpeg(path("a.jpg"), 3); });
}

TEST_F(jpeg, every_flip_is_refused_or_read) {
  for (const char* name : {"orientation 6", "one pixel"})
    every_flip_is_survived(
        jpeg_named(name), [&](const bytes& b) { return save("a.jpg", b); },
        [](const auto& file) { return read_jpeg(file, 3).bytes; });
}

TEST_F(jpeg, an_orientation_is_trusted_only_if_all_of_it_is_sound) {
  const bytes upright = jpeg_named("orientation 1"), start = text("MM") + big_endian(42, 2);
  const auto entry = [](int tag, int type, int count, int value) {
    return big_endian(static_cast<std::uint64_t>(tag), 2) + big_endian(static_cast<std::uint64_t>(type), 2) +
           big_endian(static_cast<std::uint64_t>(count), 4) +
           big_endian(static_cast<std::uint64_t>(value), 2) + bytes{0, 0};
  };
  const auto folder = [&](const bytes& entries, std::size_t count) {
    return start + big_endian(8, 4) + big_endian(count, 2) + entries;
  };
  const auto height = [&](const bytes& tiff) {
    // In front of the file's own segment, so that this one counts.
    return read_jpeg(save("a.jpg", with_segment(upright, exif(tiff))), 3).height;
  };
  EXPECT_EQ(height(folder(entry(0x112, 3, 1, 6), 1)), 9);
  EXPECT_EQ(height(folder(entry(0x10f, 2, 4, 0) + entry(0x112, 3, 1, 8), 2)), 9);
  const std::vector<bytes> none = {{},
                                   text("MM"),
                                   text("XX") + big_endian(42, 2) + big_endian(8, 4),
                                   start + big_endian(0xffffffff, 4),
                                   start + big_endian(8, 4),
                                   folder({}, 1),
                                   folder({}, 65535),
                                   folder(entry(0x112, 3, 1, 0), 1),
                                   folder(entry(0x112, 3, 1, 9), 1),
                                   folder(entry(0x112, 4, 1, 6), 1),
                                   folder(entry(0x112, 3, 2, 6), 1)};
  for (const bytes& tiff : none) EXPECT_EQ(height(tiff), 5);
}

TEST_F(jpeg, defects_that_change_no_pixel_are_warned_of) {
  const bytes sound = jpeg_named("grey");
  constexpr std::ptrdiff_t first_segments = 2 + 18;  // the start, and JFIF's
  const bytes padded = bytes(sound.begin(), sound.begin() + first_segments) + bytes{0, 0, 0} +
                       bytes(sound.begin() + first_segments, sound.end());
  std::vector<std::string> said;
  const picture found = read_jpeg(save("a.jpg", padded), 1, [&](const std::string& m) { said.push_back(m); });
  EXPECT_EQ(found, read_jpeg(save("b.jpg", sound), 1));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("a.jpg: has a defect that changes no pixel"), std::string::npos) << said[0];
}

TEST_F(jpeg, colour_that_is_lost_is_warned_of) {
  std::vector<std::string> said;
  const auto warn = [&](const std::string& m) { said.push_back(m); };
  read_jpeg(save("a.jpg", jpeg_named("baseline")), 1, warn);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("is in colour and is read as grey"), std::string::npos);
  read_jpeg(save("a.jpg", jpeg_named("grey")), 3, warn);
  EXPECT_EQ(said.size(), 1U);
}

TEST_F(jpeg, what_is_none_is_refused) {
  expect_error(save("a", bytes{}), {"is empty, expected a JPEG file"}, [&] { read_jpeg(path("a"), 3); });
  expect_error(save("a", text("GIF89a")), {"is a GIF, expected a JPEG file"},
               [&] { read_jpeg(path("a"), 3); });
  expect_error(save("a", bytes{0xff, 0xd8, 0xff, 0xd9}), {"the JPEG data are"},
               [&] { read_jpeg(path("a"), 3); });
  EXPECT_THROW(read_jpeg(path("a"), 2), error);
}

// A header that lies about its size costs no memory.
TEST_F(jpeg, a_large_size_is_refused_before_its_memory_is_taken) {
  bytes file = jpeg_named("baseline");
  std::size_t frame = 2;
  while (!(file[frame] == 0xff && file[frame + 1] == 0xc0)) ++frame;
  for (std::size_t i = 5; i < 9; ++i) file[frame + i] = 0xf0;
  const auto large = save("a.jpg", file);
  EXPECT_LT(allocated_by([&] {
              expect_error(large, {"61680x61680 pixels", "resize it"}, [&] { read_jpeg(large, 3); });
            }),
            std::size_t{4} << 20);
}

using photograph = network<input<28, 28, 3, preprocessing{.fit = {.resize = 32}}>, flatten, dense<2>>;

TEST_F(jpeg, is_fitted_to_a_networks_input) {
  const auto file = save("a.jpg", jpeg_named("baseline"));
  const picture expected = fit(read_jpeg(file, 3), {28, 28}, {.resize = 32});
  const tensor found = read_image(file, photograph::input);
  ASSERT_EQ(found.extent, (shape{28, 28, 3}));
  for (std::size_t i = 0; i < expected.bytes.size(); ++i)
    EXPECT_EQ(found.values[i], static_cast<float>(expected.bytes[i]) / 255);
  write_png(path("a.png"), read_jpeg(file, 3));
  EXPECT_EQ(read_image(path("a.png"), photograph::input).values, found.values);
  EXPECT_EQ(read_image(file, {37, 50, 3}).extent, (shape{37, 50, 3}));
  expect_error(file, {"needs a 28x28x3 image, got 37x50x3"}, [&] { read_image(file, {28, 28, 3}); });
  expect_error(file, {"exchanged"}, [&] { read_image(file, {50, 37, 3}); });
  const auto turned = save("b.jpg", jpeg_named("orientation 6"));
  EXPECT_EQ(read_image(turned, {9, 5, 3}).extent, (shape{9, 5, 3}));
}

}  // namespace
}  // namespace salient::test
