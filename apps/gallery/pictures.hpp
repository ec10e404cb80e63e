// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/picture.hpp"
#include "salient/core/tensor.hpp"
#include "salient/method/words.hpp"

namespace gallery {

/// Magnification of every picture of a digit.
inline constexpr int magnify = 3;

/// Image n of a batch, magnified.
salient::picture input_picture(const salient::tensor& images, long n);

/// Map `map` of a batch, drawn for image `image` of another batch: positive values red, negative values blue,
/// scaled by the 99th percentile of the map's absolute values. Of a relative map the least value counts as
/// zero. A map of a layer is interpolated and laid over the image; a map of the input has one colour for each
/// pixel.
salient::picture map_picture(const salient::method_words& words, const salient::tensor& maps, long map,
                             const salient::tensor& images, long image);

}  // namespace gallery
