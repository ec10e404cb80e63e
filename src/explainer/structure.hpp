// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "salient/graph/rows.hpp"

namespace salient::explainer {

/// A network as text, one line for each layer, of which a hash tells networks apart: its number, module path,
/// kind, the activations that it reads, its output and its parameters,
///
///     3 features conv2d of 2: 24x24x32, weight 32x3x3x16, bias 32
///
/// What changes neither shapes nor parameters, such as a leaky ReLU's slope, is not in it.
std::string structure_text(const graph_view& graph);

}  // namespace salient::explainer
