// SPDX-License-Identifier: MIT
#pragma once

#include "gallery/results.hpp"
#include "salient/core/picture.hpp"

namespace gallery {

/// One column per digit: the image, and below it a map by each method about the predicted class.
salient::picture digit_sheet(const results& r);

/// The maps of digit `r.focus`: one row per method, one column per class.
salient::picture target_sheet(const results& r);

/// Puts one picture above the other.
salient::picture stack(const salient::picture& top, const salient::picture& bottom);

}  // namespace gallery
