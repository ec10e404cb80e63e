// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "salient/explainer/command_line.hpp"
#include "salient/explainer/subject.hpp"
#include "salient/method/enlarge.hpp"
#include "salient/method/options.hpp"

namespace salient::explainer {

/// "--most-steps", or "--no-relu" for a bool that is true by default.
std::string flag_of(const listed_option& option);

/// "grad_cam, hires_cam or layer_cam"
std::string names_of(std::span<const method_kind> methods);

/// The flags of the methods' own options, and --alignment, by which the maps of layers are drawn. Methods
/// whose options have one name share a flag.
class method_options {
 public:
  /// Declares the flags of the methods that apply to the network.
  method_options(command_line& line, const network_facts& network);
  method_options(const method_options&) = delete;  // the command line refers to it
  method_options& operator=(const method_options&) = delete;

  /// After parsing: sets the options of the methods that are asked. Wrong usage for a value that one of them
  /// does not accept, and for an option that none of them has.
  void set(const command_line& line, std::span<const method_kind> asked, method_settings& to) const;
  /// How the maps of layers are to be drawn.
  map_alignment alignment() const;

 private:
  struct flag {
    std::string name;
    std::vector<const listed_option*> options;  // one of each method that has it
    std::string text;
    bool given = false;  // of a flag without a value
  };
  static void declare(command_line& line, flag& f);
  flag& flag_named(const std::string& name);

  std::deque<listed_option> drawn_;  // --alignment, as an option of each method of a layer
  std::deque<flag> flags_;
};

}  // namespace salient::explainer
