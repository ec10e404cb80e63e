// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "program.hpp"
#include "salient/io/npy.hpp"
#include "salient/io/png.hpp"

namespace {

using namespace salient;

/// The warnings of a program that explains an image all the same, and its result.
struct heard {
  std::string warnings;
  std::vector<float> map;
};

heard explain(const workshop& here, const std::string& arguments) {
  const ending e = here.run("integrated-gradients", words("--steps 2 --raw map.npy " + arguments));
  EXPECT_EQ(e.code, 0) << e.err;
  return {e.err, read_npy(here / "map.npy").values};
}

TEST(warnings, are_lines_on_stderr) {
  const workshop here;
  picture grey{28, 28, 1, std::vector<std::uint8_t>(28 * 28)}, colour{28, 28, 3, {}};
  for (std::size_t i = 0; i < grey.bytes.size(); ++i) grey.bytes[i] = static_cast<std::uint8_t>(i % 251);
  for (const std::uint8_t v : grey.bytes) colour.bytes.insert(colour.bytes.end(), 3, v);
  write_png(here / "grey.png", grey);
  write_png(here / "same.png", colour);
  colour.bytes[0] = 9;
  write_png(here / "colour.png", colour);
  write_png(here / "longer.png", colour);
  std::ofstream(here / "longer.png", std::ios::app) << "more";

  const heard plain = explain(here, "--image grey.png");
  EXPECT_EQ(plain.warnings, "");
  const heard same = explain(here, "--image same.png");
  EXPECT_EQ(same.warnings, "");
  EXPECT_EQ(same.map, plain.map);
  const std::string start = "salient-integrated-gradients: warning: ",
                    of_colour = "colour.png: is in colour and is read as grey, 0.299 R + 0.587 G + 0.114 B\n";
  EXPECT_EQ(explain(here, "--image colour.png").warnings, start + of_colour);
  EXPECT_EQ(explain(here, "--baseline colour.png").warnings, start + of_colour);
  EXPECT_EQ(explain(here, "--image longer.png").warnings,
            start + "longer.png: has bytes after the end of the picture (4), which are ignored\n" + start +
                "longer.png: is in colour and is read as grey, 0.299 R + 0.587 G + 0.114 B\n");
}

}  // namespace
