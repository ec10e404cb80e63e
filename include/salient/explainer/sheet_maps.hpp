// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/picture.hpp"
#include "salient/core/tensor.hpp"
#include "salient/method/words.hpp"

namespace salient::explainer {

/// Image n of a batch, for a sheet of maps; each pixel becomes a square of `magnify` pixels.
picture input_picture(const tensor& images, long n, int magnify);

/// Map `map` of a batch, drawn for image `image` of another batch: positive values red, negative values blue,
/// scaled by the 99th percentile of the map's absolute values. Of a relative map the least value counts as
/// zero. A map of a layer is interpolated and laid over the image, in pale grey; a map of the input has one
/// colour for each pixel.
picture map_picture(const method_words& words, const tensor& maps, long map, const tensor& images, long image,
                    int magnify);

}  // namespace salient::explainer
