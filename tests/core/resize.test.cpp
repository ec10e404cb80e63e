// SPDX-License-Identifier: MIT
#include "salient/core/resize.hpp"

#include "golden/pictures/references.hpp"
#include "io/bad_input.hpp"

namespace salient::test {
namespace {

filter filter_of(const nlohmann::json& c) {
  return c.at("filter") == "bilinear" ? filter::bilinear : filter::bicubic;
}

TEST(resize, is_pillows_bit_for_bit) {
  for (const auto& c : picture_references("resize")) {
    const auto source = c.at("source").get<std::vector<int>>(), to = c.at("to").get<std::vector<int>>();
    expect_pixels(resize(pattern(source[0], source[1], source[2]), {to[0], to[1]}, filter_of(c)), c,
                  c.dump());
  }
}

TEST(resize, of_one_colour_is_that_colour) {
  for (const filter f : {filter::bilinear, filter::bicubic})
    for (const int side : {1, 3, 50, 400}) {
      const picture result = resize({20, 30, 1, std::vector<std::uint8_t>(600, 201)}, {side, side}, f);
      EXPECT_EQ(result.bytes, std::vector<std::uint8_t>(static_cast<std::size_t>(side * side), 201));
    }
}

TEST(resize, refuses_what_has_no_pixels) {
  const picture one{1, 1, 1, {0}};
  expect_error("resize", {"0x3", "at least 1x1"}, [&] { resize(one, {0, 3}, filter::bilinear); });
  expect_error("resize", {"2x2x1", "1 bytes"}, [] { resize({2, 2, 1, {0}}, {1, 1}, filter::bilinear); });
  expect_error("resize", {"0x0x1"}, [] { resize({0, 0, 1, {}}, {1, 1}, filter::bilinear); });
}

}  // namespace
}  // namespace salient::test
