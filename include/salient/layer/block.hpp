// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/fixed_string.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

// The building blocks of networks besides layers. A block can be used wherever a layer can; a network
// flattens it into rows (graph/lay.hpp). A struct that derives from a block is a block with a short name.

/// Layers in sequence. As a module it is `nn.Sequential`: unnamed children are numbered.
template <class... L>
struct sequence {
  using block_type = sequence;
};

/// Passes its input on unchanged, as the shortcut of a residual block.
using identity = sequence<>;

/// The sum of all branches, which all read the sum's input. The branches' outputs must have equal shapes.
///
/// A join is not a module in PyTorch: names in its branches belong to the module around the join. Unnamed
/// layers are numbered by the join's number, the branch's number and their own.
template <class... Branches>
struct sum {
  using block_type = sum;
  static_assert(sizeof...(Branches) >= 2, "salient: a sum needs at least two branches");
};

/// Concatenates the branches' outputs along channels, as `torch.cat(..., dim=1)`. Heights and widths
/// must be equal.
template <class... Branches>
struct concat {
  using block_type = concat;
  static_assert(sizeof...(Branches) >= 2, "salient: a concat needs at least two branches");
};

/// The element-wise product of all branches. A branch after the first may be 1 x 1 x C: its values then
/// multiply whole channels, as a squeeze-and-excite gate does.
template <class... Branches>
struct product {
  using block_type = product;
  static_assert(sizeof...(Branches) >= 2, "salient: a product needs at least two branches");
};

/// Starts a branch at the named activation instead of at the branch's input. The name is a module path of
/// something earlier in the network, relative to the enclosing module, to one around that, or to the network.
/// `from<"input">` is the network's input.
template <fixed_string Name>
struct from {
  static constexpr std::string_view label = Name.view();
};

}  // namespace salient
