// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "explainer/baseline_images.hpp"
#include "explainer/class_labels.hpp"
#include "explainer/picture_list.hpp"
#include "explainer/results.hpp"
#include "salient/explainer/run.hpp"

namespace salient::explainer {

struct left_out_method {
  method_kind method;
  std::string_view needs;  ///< what the network does not have, or time; completes "needs ..."
};

/// What is written of each picture.
struct output_kinds {
  bool pictures = true;  ///< a PNG of each map, and pages that show them
  bool maps = false;     ///< shards of arrays, with a table
};

/// What the command line of an explainer asks for.
struct request {
  picture_list pictures{};
  std::vector<method_kind> methods{};       ///< all apply
  std::vector<map_name> names{};            ///< of each method's maps
  std::vector<left_out_method> left_out{};  ///< of "all" and "most"
  class_labels labels;
  chosen_baselines baselines{};  ///< as the methods of `open` have them
  int top = 1;
  int target = -1;  ///< -1 for the most probable classes
  std::filesystem::path out{};
  bool raw = false, json = false;
  output_kinds write{};
  long shard_size = 0;   ///< pictures of a shard, if maps are written
  bool restart = false;  ///< and not go on with what an earlier run left
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
