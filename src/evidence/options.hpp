// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "salient/evidence/run.hpp"
#include "salient/explainer/command_line.hpp"
#include "salient/explainer/options.hpp"

namespace salient::evidence {

struct request {
  std::vector<std::size_t> networks;  ///< sorted places in the introduction's
  std::vector<std::size_t> methods;   ///< sorted places in methods::all
  long images = 200;
  long seed = 1;
  std::filesystem::path page = "evidence.html";
  explainer::device_options where;

  // Of a program for one network:
  std::vector<std::string> pictures;  ///< files, folders and lists
  std::string weights, labels;
  preprocessing reads;  ///< how pictures are fitted and become its input

  std::filesystem::path json() const { return std::filesystem::path(page).replace_extension(".json"); }
  std::filesystem::path parts() const {
    return std::filesystem::path(page).replace_extension(".parts");
  }  ///< a folder
};

/// Reads the command line. Wrong usage ends the program with exit code 2.
request parse(const introduction& setup, int count, const char* const* arguments);

}  // namespace salient::evidence
