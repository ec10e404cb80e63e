// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "program.hpp"

inline std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The page and the JSON of a run.
struct written {
  std::string page, json;
  std::string out, err;

  nlohmann::json parsed() const { return nlohmann::json::parse(json); }
  /// Both without their last parts, which hold times.
  std::string lasting() const {
    const auto page_end = page.find("<h2>Time</h2>"), json_end = json.find("\n \"times\": {");
    EXPECT_NE(page_end, std::string::npos);
    EXPECT_NE(json_end, std::string::npos);
    return page.substr(0, page_end) + json.substr(0, json_end);
  }
};

/// Runs the program in `here`, which must succeed.
inline written made(const workshop& here, const std::string& arguments) {
  const ending e = here.run("evidence", words(arguments));
  EXPECT_EQ(e.code, 0) << e.err;
  return {read(here / "evidence.html"), read(here / "evidence.json"), e.out, e.err};
}

inline const std::string small = "--networks cnn --images 6 --methods gradients,grad_cam";
