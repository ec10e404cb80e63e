// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/namespace.hpp"
#include "salient/explainer/command_line.hpp"
#include "salient/explainer/options.hpp"

namespace evidence {

struct request {
  std::vector<std::string> networks{"cnn", "pooled_cnn", "resnet"};
  std::vector<std::size_t> methods;  ///< sorted places in methods::all
  long images = 200;
  long seed = 1;
  std::filesystem::path page = "evidence.html";
  apps::device_options where;

  std::filesystem::path json() const { return std::filesystem::path(page).replace_extension(".json"); }
  std::filesystem::path parts() const { return std::filesystem::path(page).replace_extension(".parts.json"); }
};

/// Reads the command line. Wrong usage ends the program with exit code 2.
request parse(apps::command_line& line, int count, const char* const* arguments);

}  // namespace evidence
