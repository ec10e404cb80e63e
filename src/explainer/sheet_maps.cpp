// SPDX-License-Identifier: MIT
#include "salient/explainer/sheet_maps.hpp"

#include "salient/core/resample.hpp"
#include "salient/view/canvas.hpp"
#include "salient/view/colour.hpp"
#include "salient/view/normalise.hpp"
#include "salient/view/overlay.hpp"
#include "salient/view/reduce.hpp"

namespace salient::explainer {
namespace {

/// The image in pale grey, so that the map's colours show. White stands for zero: so does the black paper of
/// images in grey, such as digits; photographs, in colour, are not inverted.
picture pale(const tensor& image, int magnify) {
  constexpr float paper = 0.96F, ink = 0.55F;
  const int channels = image.extent.channels;
  tensor grey = channel_sum(image);
  for (float& v : grey.values)
    v = channels == 1 ? paper + (ink - paper) * v : ink + (paper - ink) * v / static_cast<float>(channels);
  return enlarge(show(grey), magnify);
}

}  // namespace

picture input_picture(const tensor& images, long n, int magnify) { return enlarge(show(images, n), magnify); }

picture map_picture(const method_words& words, const tensor& maps, long map, const tensor& images, long image,
                    int magnify) {
  tensor flat = channel_sum(maps.slice(map, 1));
  if (words.relative) flat = min_max(flat).map;
  constexpr auto colours = colour_map::diverging;
  if (!words.of_layer) return enlarge(colourise(symmetric_percentile(flat).map, colours), magnify);
  const picture under = pale(images.slice(image, 1), magnify);
  const tensor large = resample(flat, {under.height, under.width});
  return overlay(under, symmetric_percentile(large).map, colours, {.alpha = 0.8});
}

}  // namespace salient::explainer
