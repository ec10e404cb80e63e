// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "import/translate.hpp"

// A network as nested blocks. The table of rows is a directed graph; sequences and joins write it down, and
// `from` what they cannot nest.

namespace importer {

struct item {
  enum class kind { layer, join, from };
  kind what = kind::layer;
  int activation = 0;                       ///< that it writes; of a `from`: that it reads
  std::vector<std::vector<item>> branches;  ///< of a join
};

/// The items from the input to the output, each row once.
std::vector<item> nest(const network& n);

/// Renumbers the rows in the order in which their layers stand in the declaration.
void order_as_nested(network& n);

/// Activations that a `from` reads, and so need a name.
std::vector<int> read_by_from(const std::vector<item>& items);

}  // namespace importer
