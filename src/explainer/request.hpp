// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "explainer/class_labels.hpp"
#include "salient/explainer/run.hpp"

namespace salient::explainer {

struct asked_picture {
  std::filesystem::path file;
  bool known = false;  ///< an image that the program knows by this name, and no file
};

struct left_out_method {
  method_kind method;
  std::string_view needs;  ///< what the network does not have, or time; completes "needs ..."
};

/// What the command line of an explainer asks for.
struct request {
  std::vector<asked_picture> pictures{};
  std::vector<method_kind> methods{};       ///< all apply
  std::vector<left_out_method> left_out{};  ///< of "all" and "most"
  class_labels labels;
  int top = 1;
  int target = -1;  ///< -1 for the most probable classes
  std::filesystem::path out{};
  bool raw = false, json = false;
  map_alignment alignment = map_alignment::stretch;  ///< of the maps of layers, where they are drawn
  device_options device{};
  opening open{};
};

/// Reads the command line; see command_line::parse. Throws salient::error for a file that cannot be used.
request read_request(const introduction& setup, const subject& what, int count, const char* const* arguments);

}  // namespace salient::explainer
