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
  device_options device{};
  opening open{};
};

/// How a method's maps are drawn: as it says of itself, or SmoothGrad's as its base says.
method_words drawn_words(const request& asked, method_kind method);

/// The activation whose layer a method reads, or its base; 0 for none, or for several that are combined.
int layer_read(const network_facts& network, const request& asked, method_kind method);

/// Whether a method's map combines several layers.
bool combines_layers(const network_facts& network, const request& asked, method_kind method);

/// Reads the command line; see command_line::parse. Throws salient::error for a file that cannot be used.
request read_request(const introduction& setup, const subject& what, int count, const char* const* arguments);

}  // namespace salient::explainer
