// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "import/tree.hpp"

namespace importer {

/// A C++ type as text: `head` and `tail` around its arguments.
struct text_node {
  std::string head, tail;
  std::vector<text_node> arguments;
  std::string module;  ///< path of the module that it stands for, or stands in

  std::string flat() const;
};

struct named_activation {
  std::string path;
  int activation;
};

/// The layers of the network grouped into modules by their paths, and the modules' outputs.
struct layout {
  std::vector<text_node> layers;
  std::vector<named_activation> modules;
};
layout lay_out(const network& n);

/// Types that occur several times, as aliases, in an order in which they can be written.
struct alias {
  std::string name;
  text_node type;
};
std::vector<alias> aliases_of(const std::vector<text_node>& layers);

/// The type on lines of at most 108 characters; what has an alias is written as its name. `used` characters
/// of the first line are taken.
std::string print(const text_node& n, const std::vector<alias>& known, std::size_t indent, std::size_t used);

}  // namespace importer
