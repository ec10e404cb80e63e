// SPDX-License-Identifier: MIT
#include "gallery/pictures.hpp"

#include "salient/core/resample.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/colour.hpp"
#include "salient/view/normalise.hpp"
#include "salient/view/overlay.hpp"
#include "salient/view/reduce.hpp"

namespace gallery {
namespace {

/// The digit in pale grey on white, which stands for zero, so that the map's colours show.
salient::picture pale(salient::tensor image) {
  constexpr float paper = 0.96F, ink = 0.55F;
  for (float& v : image.values) v = paper + (ink - paper) * v;
  return salient::enlarge(salient::show(image), magnify);
}

}  // namespace

salient::picture input_picture(const salient::tensor& images, long n) {
  return salient::enlarge(salient::show(images, n), magnify);
}

salient::picture map_picture(const salient::method_words& words, const salient::tensor& maps, long map,
                             const salient::tensor& images, long image) {
  salient::tensor flat = salient::channel_sum(maps.slice(map, 1));
  if (words.relative) flat = salient::min_max(flat).map;
  constexpr auto colours = salient::colour_map::diverging;
  if (!words.of_layer)
    return salient::enlarge(salient::colourise(salient::symmetric_percentile(flat).map, colours), magnify);
  const salient::picture under = pale(images.slice(image, 1));
  const salient::tensor large = salient::resample(flat, {under.height, under.width});
  return salient::overlay(under, salient::symmetric_percentile(large).map, colours, {.alpha = 0.8});
}

}  // namespace gallery
