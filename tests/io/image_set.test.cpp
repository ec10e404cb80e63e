// SPDX-License-Identifier: MIT
#include "salient/io/image_set.hpp"

#include <limits>

#include "io/bad_input.hpp"

// Sets in IDX files are in idx.test.cpp.

namespace salient::test {
namespace {

class image_set_file : public in_folder {};

bytes file_of(std::string_view header, const bytes& data) {
  return little_endian(header.size(), 8) + text(header) + data;
}

/// A set of three images of 1 x 2 pixels.
bytes images_of(const std::string& dtype, const std::string& shape, const bytes& data,
                const std::string& name = "images") {
  return file_of(R"({")" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape +
                     R"(,"data_offsets":[0,)" + std::to_string(data.size()) + "]}}",
                 data);
}

TEST_F(image_set_file, of_safetensors_is_known_by_its_content) {
  const bytes six = {0, 51, 102, 153, 204, 255},
              halves = raw<std::uint16_t>({0, 0x3800, 0x3c00, 0, 0, 0x3c00});
  const bytes floats = raw<float>({0, 0.5F, 1, 0, 0, 1});
  for (const auto& [file, last] :
       std::vector<std::pair<bytes, float>>{{images_of("U8", "[3,1,2]", six), 204.0F / 255},
                                            {images_of("U8", "[3,1,2,1]", six, "other"), 204.0F / 255},
                                            {images_of("F16", "[3,1,1,2]", halves), 0},  // channels first
                                            {images_of("F32", "[3,1,2,1]", floats), 0}}) {
    const auto at = save("set", file);
    EXPECT_TRUE(is_image_set(at));
    image_set set(at);
    ASSERT_EQ(set.size(), 3);
    EXPECT_EQ(set.read(2, {1, 2, 1}).values[0], last);
    EXPECT_EQ(set.read(2, {1, 2, 1}).values[1], 1);
    EXPECT_EQ(set.read(0, {1, 2, 1}).values[0], 0);
  }
  EXPECT_FALSE(is_image_set(save("text", text("{\"a\": 1} and more"))));
}

TEST_F(image_set_file, without_images_is_refused) {
  for (const auto& [file, expected] : std::vector<std::pair<bytes, words>>{
           {images_of("I64", "[1,1,2]", bytes(16)), {"dtype \"I64\"", "expected F32, F64, F16, BF16 or U8"}},
           {images_of("U8", "[2,3]", bytes(6)), {"holds 2x3 values", "images x height x width"}},
           {images_of("U8", "[0,1,2]", {}), {"holds 0x1x2 values"}},
           {file_of("{}", {}), {"has 0 tensors, none of them called images"}}}) {
    const auto at = save("set", file);
    expect_error(at, expected, [&] { image_set set(at); });
  }
}

TEST_F(image_set_file, with_a_value_that_is_not_finite_has_the_other_images) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto at = save("set", images_of("F32", "[3,1,2]", raw<float>({1, 2, 3, nan, 5, 6})));
  image_set set(at);
  expect_error(at, {"image 1 is not finite: element 1 is nan"}, [&] { set.read(1, {1, 2, 1}); });
  EXPECT_EQ(set.read(2, {1, 2, 1}).values, (std::vector<float>{5, 6}));
  EXPECT_EQ(set.read(0, {1, 2, 1}).values, (std::vector<float>{1, 2}));
}

TEST_F(image_set_file, follows_the_readers_laws) {
  const bytes sound = images_of("F32", "[3,1,2]", raw<float>({1, 2, 3, 4, 5, 6}));
  const auto save_bad = [&](const bytes& file) { return save("bad", file); };
  const auto read_all = [](const auto& at) {
    std::vector<float> values;
    image_set set(at);
    for (long n = 0; n < set.size(); ++n)
      for (const float v : set.read(n, {1, 2, 1}).values) values.push_back(v);
    return values;
  };
  every_prefix_throws(sound, save_bad, read_all);
  every_flip_is_survived(sound, save_bad, read_all);
}

}  // namespace
}  // namespace salient::test
