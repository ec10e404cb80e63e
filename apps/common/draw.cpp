// SPDX-License-Identifier: MIT
#include "common/numbers.hpp"
#include "common/outcome.hpp"
#include "salient/core/resample.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/normalise.hpp"
#include "salient/view/overlay.hpp"
#include "salient/view/reduce.hpp"
#include "salient/view/sheet.hpp"

namespace apps {

namespace {

constexpr int magnify = 8;

std::string row_title(const outcome& o, long n, bool constant) {
  const auto i = static_cast<std::size_t>(n);
  std::string text = o.in.names[i];
  if (!o.in.labels.empty()) text += "\nlabel " + std::to_string(o.in.labels[i]);
  text += "\npredicted " + std::to_string(o.predicted(n)) + "\n" + percent(o.probability(n));
  if (o.by_target) text += "\ntarget " + std::to_string(o.target(n));
  if (constant) text += o.explained.map.image(n).front() == 0 ? "\nmap is zero" : "\nmap is constant";
  return text;
}

std::string caption_of(const outcome& o) {
  const std::string scale = "Each map is scaled by the 99th percentile of its own absolute values.";
  if (o.colours == salient::colour_map::sequential)
    return "Black: zero. The brighter, the larger the value. " + scale;
  return "Red: positive. Blue: negative. White: zero. " + scale;
}

}  // namespace

salient::picture draw(const outcome& o) {
  const salient::shape input = o.in.images.extent;
  // A map of the input is drawn with sharp pixels; a coarse map of a layer is interpolated.
  const int smooth = o.of_feature_maps ? magnify : 1;
  const salient::tensor map =
      salient::resample(salient::channel_sum(o.explained.map), {smooth * input.height, smooth * input.width});
  const salient::normalised shown = o.colours == salient::colour_map::sequential
                                        ? salient::percentile(map)
                                        : salient::symmetric_percentile(map);
  salient::sheet sheet{.title = o.title,
                       .caption = caption_of(o),
                       .columns = {"input", "map", "overlay"},
                       .rows = {},
                       .magnify = magnify / smooth,
                       .text_scale = 2};
  for (long n = 0; n < o.count(); ++n) {
    const salient::picture image = salient::enlarge(salient::show(o.in.images, n), smooth);
    sheet.rows.push_back({row_title(o, n, shown.degenerate[static_cast<std::size_t>(n)]),
                          {image, salient::colourise(shown.map, o.colours, n),
                           salient::overlay(image, shown.map, o.colours, {}, n)}});
  }
  return salient::draw(sheet);
}

}  // namespace apps
