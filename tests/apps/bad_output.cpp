// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "program.hpp"
#include "salient/io/npy.hpp"

namespace {

bool computed(const ending& e) { return e.out.find("prediction") != std::string::npos; }

TEST(bad_output, is_told_before_anything_is_computed) {
  for (const std::string flag : {"--out", "--raw"})
    for (const std::string file : {"absent/a", "folder", "loop", "file/a"}) {
      const workshop here;
      std::filesystem::create_directory(here / "folder");
      std::filesystem::create_symlink("loop", here / "loop");
      std::ofstream(here / "file") << "kept";
      const auto before = here.files();
      const ending e = here.run("gradients", {flag, file});
      EXPECT_EQ(e.code, 1) << e.err;
      EXPECT_NE(e.err.find(file), std::string::npos) << e.err;
      EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
      EXPECT_EQ(e.out, "");
      EXPECT_EQ(here.files(), before);
    }
}

// Some failures show only during writing. Then the results are printed, and the other file is written.

TEST(bad_output, of_the_picture_leaves_the_raw_map) {
  const workshop here;
  const ending e = here.run("gradients", {"--raw", "map.npy", "--out", "/dev/full"});
  EXPECT_EQ(e.code, 1);
  EXPECT_NE(e.err.find("/dev/full"), std::string::npos) << e.err;
  EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
  EXPECT_TRUE(computed(e));
  EXPECT_EQ(e.out.find("picture"), std::string::npos);
  EXPECT_EQ(here.files(), std::vector<std::string>{"map.npy"});
  EXPECT_EQ(salient::read_npy(here / "map.npy").dimensions, (std::vector<long>{28, 28, 1}));
}

TEST(bad_output, of_the_raw_map_leaves_the_picture) {
  const workshop here;
  const ending e = here.run("gradients", {"--raw", "/dev/full"});
  EXPECT_EQ(e.code, 1);
  EXPECT_NE(e.err.find("/dev/full"), std::string::npos) << e.err;
  EXPECT_TRUE(computed(e));
  EXPECT_EQ(e.out.find("raw map"), std::string::npos);
  EXPECT_EQ(here.files(), std::vector<std::string>{"gradients.png"});
}

TEST(bad_output, of_both_is_told_of_both) {
  const workshop here;
  const ending e = here.run("gradients", {"--raw", "absent/a.npy", "--out", "absent/a.png"});
  EXPECT_EQ(e.code, 1);
  EXPECT_NE(e.err.find("a.npy"), std::string::npos);
  EXPECT_NE(e.err.find("a.png"), std::string::npos);
  EXPECT_EQ(e.out, "");
  EXPECT_TRUE(here.files().empty());
}

TEST(bad_output, of_the_longest_name_is_none) {
  const workshop here;
  const std::string name = std::string(251, 'n') + ".png";
  const ending e = here.run("gradients", {"--out", name});
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(here.files(), std::vector<std::string>{name});
}

TEST(bad_output, of_the_text_is_an_error_too) {
  const workshop here;
  for (const std::string arguments : {"", "--help"}) {
    const ending e = here.run("gradients", words(arguments), "/dev/full");
    EXPECT_EQ(e.code, 1);
    EXPECT_NE(e.err.find("standard output"), std::string::npos) << e.err;
  }
  EXPECT_EQ(here.files(), std::vector<std::string>{"gradients.png"});
}

TEST(bad_output, leaves_an_earlier_file_as_it_was) {
  const workshop here;
  std::ofstream(here / "map.npy") << "precious";
  EXPECT_EQ(here.run("gradients", words("--raw map.npy --weights absent.safetensors")).code, 1);
  std::string kept;
  std::getline(std::ifstream(here / "map.npy"), kept);
  EXPECT_EQ(kept, "precious");
}

}  // namespace
