// SPDX-License-Identifier: MIT
#pragma once

#include "gallery/results.hpp"
#include "salient/core/picture.hpp"

namespace gallery {

/// A row a digit: the image and its eight maps, about the predicted class.
salient::picture digit_sheet(const results& r);

/// A row a method, a column a class: the maps of `r.focus`.
salient::picture target_sheet(const results& r);

/// One above the other.
salient::picture stack(const salient::picture& top, const salient::picture& bottom);

}  // namespace gallery
