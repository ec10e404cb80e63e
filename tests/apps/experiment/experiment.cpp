// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "laws/markup.hpp"
#include "program.hpp"

namespace {

using cells = std::vector<std::string>;

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<cells> parsed(const std::string& csv) {
  std::vector<cells> rows;
  std::istringstream lines(csv);
  for (std::string line, cell; std::getline(lines, line);) {
    rows.emplace_back();
    for (std::istringstream in(line + ","); std::getline(in, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

/// Runs a short experiment and returns its table.
std::vector<cells> table(const workshop& here, const std::string& arguments = "--images 200") {
  const ending e = here.run("experiment", words("--epochs 1 --threads 2 --out t.csv " + arguments));
  EXPECT_EQ(e.code, 0) << e.err;
  return parsed(read(here / "t.csv"));
}

const cells header{"width",
                   "depth",
                   "kernel",
                   "parameters",
                   "memory_bytes",
                   "accuracy",
                   "grad_cam_ms",
                   "integrated_gradients_ms",
                   "grad_cam_agreement",
                   "integrated_gradients_agreement"};
constexpr std::size_t first_time = 6, first_agreement = 8;

TEST(experiment, has_a_row_for_each_combination) {
  const workshop here;
  const auto rows = table(here);
  ASSERT_EQ(rows.size(), 1U + 8U);
  EXPECT_EQ(rows[0], header);
  std::set<cells> combinations;
  for (std::size_t r = 1; r < rows.size(); ++r) combinations.insert({rows[r].begin(), rows[r].begin() + 3});
  EXPECT_EQ(combinations.size(), 8U);
  EXPECT_TRUE(combinations.contains({"8", "2", "5"}));
}

TEST(experiment, counts_parameters_as_one_does_by_hand) {
  const workshop here;
  const auto rows = table(here);
  // width 4, depth 1, kernel 3: 4 filters of 3x3 and their biases, then 14x14x4 inputs to 10 scores
  EXPECT_EQ(cells(rows[1].begin(), rows[1].begin() + 3), (cells{"4", "1", "3"}));
  EXPECT_EQ(rows[1][3], std::to_string(4 * 9 + 4 + 14 * 14 * 4 * 10 + 10));
}

TEST(experiment, measures_what_can_be) {
  const workshop here;
  const auto rows = table(here, "--images 1000");
  double best = 0;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    ASSERT_EQ(rows[r].size(), header.size());
    EXPECT_GT(std::stol(rows[r][4]), 28 * 28 * 4);
    EXPECT_GT(std::stod(rows[r][5]), 0);
    EXPECT_LT(std::stod(rows[r][5]), 1);
    best = std::max(best, std::stod(rows[r][5]));
    for (std::size_t c = first_time; c < first_agreement; ++c) EXPECT_GT(std::stod(rows[r][c]), 0);
    for (std::size_t c = first_agreement; c < header.size(); ++c)
      EXPECT_LE(std::abs(std::stod(rows[r][c])), 1);
    EXPECT_GT(std::stod(rows[r].back()), 0);  // all networks respond to the same strokes
  }
  EXPECT_GT(best, 0.5);  // guessing gives 0.1
}

TEST(experiment, is_the_same_for_the_same_seed_but_for_times) {
  const workshop here;
  const auto timeless = [&](const std::string& arguments) {
    auto rows = table(here, arguments);
    for (cells& row : rows) row.erase(row.begin() + first_time, row.begin() + first_agreement);
    return rows;
  };
  const auto once = timeless("--images 200 --seed 5");
  EXPECT_EQ(once, timeless("--images 200 --seed 5"));
  EXPECT_NE(once, timeless("--images 200 --seed 6"));
}

TEST(experiment, says_what_it_trained_on) {
  const workshop here;
  const ending e = here.run("experiment", words("--images 64 --epochs 1"));
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_NE(
      e.out.find("first 64 images of MNIST's test set, as no --data was given; tested on its last 2000"),
      std::string::npos)
      << e.out;
  EXPECT_TRUE(here.files().empty());
}

/// MNIST's training files with `count` images: all pixels of image n are n, its label is n modulo 10.
void furnish(const workshop& here, unsigned char count) {
  std::filesystem::create_directory(here / "mnist");
  std::string images("\0\0\x08\x03\0\0\0", 7), labels("\0\0\x08\x01\0\0\0", 7);
  images += static_cast<char>(count);
  images += std::string("\0\0\0\x1c\0\0\0\x1c", 8);
  labels += static_cast<char>(count);
  for (unsigned char n = 0; n < count; ++n) {
    images += std::string(28 * 28, static_cast<char>(n));
    labels += static_cast<char>(n % 10);
  }
  std::ofstream(here / "mnist/train-images-idx3-ubyte", std::ios::binary) << images;
  std::ofstream(here / "mnist/train-labels-idx1-ubyte", std::ios::binary) << labels;
}

TEST(experiment, trains_on_a_folder_of_your_own) {
  const workshop here;
  furnish(here, 20);
  const ending e = here.run("experiment", words("--data mnist --images 20 --epochs 1"));
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_NE(e.out.find("first 20 of MNIST's training images; tested on its 10000 test images"),
            std::string::npos);
  const ending more = here.run("experiment", words("--data mnist --images 21"));
  EXPECT_EQ(more.code, 1);
  EXPECT_NE(more.err.find("there are 20 training images"), std::string::npos) << more.err;
}

TEST(experiment, writes_a_page) {
  const workshop here;
  const ending e = here.run("experiment", words("--images 64 --epochs 1 --out t.html"));
  EXPECT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(here.files(), cells{"t.html"});
  const std::string page = read(here / "t.html");
  EXPECT_EQ(salient::laws::flaw(page), "");
  EXPECT_EQ(salient::laws::count(page, "<tr>"), 3U * (1U + 8U));
  EXPECT_NE(page.find("memory (bytes)"), std::string::npos);
}

TEST(experiment, refuses_in_one_line) {
  struct refusal {
    std::string arguments;
    int code;
    std::string word;
  };
  for (const auto& [arguments, code, word] : {refusal{"--images 0", 2, "--images"},
                                              {"--epochs 0", 2, "--epochs"},
                                              {"--seed -1", 2, "--seed"},
                                              {"--out table.txt", 2, ".csv or .html"},
                                              {"--epochs many", 2, "many"},
                                              {"surplus", 2, "surplus"},
                                              {"--images 8001", 2, "1 to 8000 without --data"},
                                              {"--data absent", 1, "absent"},
                                              {"--out absent/t.csv", 1, "absent/t.csv"},
                                              {"--out . --data absent", 2, ".csv or .html"},
                                              {"--out absent/t.csv --data absent", 1, "absent/t.csv"},
                                              {"--threads 1025", 2, "0 to 1024"},
                                              {"--threads -1", 2, "-1"}}) {
    const workshop here;
    const ending e = here.run("experiment", words(arguments));
    EXPECT_EQ(e.code, code) << arguments << ": " << e.err;
    EXPECT_EQ(std::count(e.err.begin(), e.err.end(), '\n'), 1) << e.err;
    EXPECT_NE(e.err.find(word), std::string::npos) << e.err;
    EXPECT_TRUE(here.files().empty());
  }
}

TEST(experiment, help_lists_its_flags) {
  const workshop here;
  const ending e = here.run("experiment", {"--help"});
  EXPECT_EQ(e.code, 0);
  for (const char* flag : {"--images", "--epochs", "--seed", "--threads", "--data", "--out", "--help"})
    EXPECT_NE(e.out.find(std::string("  ") + flag), std::string::npos) << flag;
  EXPECT_TRUE(here.files().empty());
}

}  // namespace
