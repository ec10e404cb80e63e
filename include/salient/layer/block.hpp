// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/fixed_string.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

// What networks are made of besides layers. Each of these stands wherever a layer may stand; a network lays
// them out into rows (graph/lay.hpp). A struct that derives from one of them is one, with a short name.

/// Layers in a row. As a module it is `nn.Sequential`: unnamed children are numbered.
template <class... L>
struct sequence {
  using block_type = sequence;
};

/// Passes its input on: a residual block's plain shortcut.
using identity = sequence<>;

/// The sum of all branches, each of which starts where the sum stands. The branches' outputs have one shape.
///
/// A join is no module in PyTorch: what is named in its branches belongs to the module around the join. What
/// is not named is numbered: by the join's own number, its branch's and its own.
template <class... Branches>
struct sum {
  using block_type = sum;
  static_assert(sizeof...(Branches) >= 2, "salient: a sum needs at least two branches");
};

/// The branches' outputs side by side along channels, as `torch.cat(..., dim=1)`. They agree in height and
/// width.
template <class... Branches>
struct concat {
  using block_type = concat;
  static_assert(sizeof...(Branches) >= 2, "salient: a concat needs at least two branches");
};

/// The product of all branches, element by element. A branch after the first may be 1 x 1 x C: its values
/// then multiply whole channels, as a squeeze-and-excite gate does.
template <class... Branches>
struct product {
  using block_type = product;
  static_assert(sizeof...(Branches) >= 2, "salient: a product needs at least two branches");
};

/// Starts a branch at the activation of this name, wherever it stands, instead of where the branch stands.
/// A name is a module path of what comes earlier in the network: within the module where this stands, or one
/// around it, or from the network itself. `from<"input">` is the network's input.
template <fixed_string Name>
struct from {
  static constexpr std::string_view label = Name.view();
};

}  // namespace salient
