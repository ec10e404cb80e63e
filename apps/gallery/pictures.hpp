// SPDX-License-Identifier: MIT
#pragma once

#include "gallery/method_text.hpp"
#include "salient/core/picture.hpp"
#include "salient/core/tensor.hpp"

namespace gallery {

/// Every picture of a digit is drawn at this many times its pixels.
inline constexpr int magnify = 4;

/// Image n of a batch, enlarged.
salient::picture input_picture(const salient::tensor& images, long n);

/// Map `map` of a batch, about image `image` of another: red above zero and blue below it, scaled by the 99th
/// percentile of its own absolute values.
salient::picture map_picture(look drawn, const salient::tensor& maps, long map, const salient::tensor& images,
                             long image);

}  // namespace gallery
