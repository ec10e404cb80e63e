// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "salient/core/picture.hpp"
#include "salient/core/resample.hpp"
#include "salient/core/tensor.hpp"
#include "salient/view/colour.hpp"

namespace salient::explainer {

/// An image, its map in colours, and the map over the image; all of one size.
struct map_panels {
  picture image, map, overlay;
  bool constant = false;  ///< the map has one value only
};

/// Draws image `n` of `images` with map `m` of `maps`, scaled by the 99th percentile of its absolute values.
/// With `smooth` above 1 the image is enlarged and the map, of a layer, interpolated; otherwise pixels stay
/// sharp. `centres`: where on the image the cells of the map lie; without them it is stretched.
map_panels draw_map(const tensor& images, long n, const tensor& maps, long m, colour_map colours, int smooth,
                    const std::optional<cell_centres>& centres = {});

}  // namespace salient::explainer
