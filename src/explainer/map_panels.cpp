// SPDX-License-Identifier: MIT
#include "salient/explainer/map_panels.hpp"

#include "salient/core/resample.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/normalise.hpp"
#include "salient/view/overlay.hpp"
#include "salient/view/reduce.hpp"

namespace salient::explainer {

map_panels draw_map(const tensor& images, long n, const tensor& maps, long m, colour_map colours,
                    int smooth) {
  const shape input = images.extent;
  const tensor map = resample(channel_sum(maps.slice(m, 1)), {smooth * input.height, smooth * input.width});
  const normalised shown = colours == colour_map::sequential ? percentile(map) : symmetric_percentile(map);
  const picture image = enlarge(show(images, n), smooth);
  return {image, colourise(shown.map, colours), overlay(image, shown.map, colours), shown.degenerate[0]};
}

}  // namespace salient::explainer
