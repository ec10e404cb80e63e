// SPDX-License-Identifier: MIT
#include <utility>

#include "common/outcome.hpp"
#include "salient/explainer/map_panels.hpp"
#include "salient/explainer/numbers.hpp"
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
  // A map of the input is drawn with sharp pixels; a coarse map of a layer is interpolated.
  const int smooth = o.of_feature_maps ? magnify : 1;
  salient::sheet sheet{.title = o.title,
                       .caption = caption_of(o),
                       .columns = {"input", "map", "overlay"},
                       .rows = {},
                       .magnify = magnify / smooth,
                       .text_scale = 2};
  for (long n = 0; n < o.count(); ++n) {
    map_panels panels = draw_map(o.in.images, n, o.explained.map, n, o.colours, smooth);
    sheet.rows.push_back({row_title(o, n, panels.constant),
                          {std::move(panels.image), std::move(panels.map), std::move(panels.overlay)}});
  }
  return salient::draw(sheet);
}

}  // namespace apps
