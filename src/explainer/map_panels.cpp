// SPDX-License-Identifier: MIT
#include "salient/explainer/map_panels.hpp"

#include "salient/core/resample.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/normalise.hpp"
#include "salient/view/overlay.hpp"
#include "salient/view/reduce.hpp"

namespace salient::explainer {
namespace {

/// The same on an image whose pixels are enlarged.
cell_axis enlarged(const cell_axis& a, int factor) {
  return {factor * a.first + (factor - 1) / 2.0, factor * a.step};
}

}  // namespace

map_panels draw_map(const tensor& images, long n, const tensor& maps, long m, colour_map colours, int smooth,
                    const std::optional<cell_centres>& centres) {
  const shape input = images.extent;
  const size to{smooth * input.height, smooth * input.width};
  const tensor flat = channel_sum(maps.slice(m, 1));
  const tensor map =
      centres ? resample(flat, to, cell_centres{enlarged(centres->y, smooth), enlarged(centres->x, smooth)})
              : resample(flat, to);
  const normalised shown = colours == colour_map::sequential ? percentile(map) : symmetric_percentile(map);
  const picture image = enlarge(show(images, n), smooth);
  return {image, colourise(shown.map, colours), overlay(image, shown.map, colours), shown.degenerate[0]};
}

}  // namespace salient::explainer
