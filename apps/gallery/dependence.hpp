// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/mean.hpp"
#include "salient/core/tensor.hpp"

namespace gallery {

/// Mean correlation of the raw maps of different classes, over images first .. first + count - 1 and all
/// pairs of classes. `targets` holds `classes` maps for each image, ordered by image. Pairs with a constant
/// map are left out.
apps::mean class_correlation(const salient::tensor& targets, long classes, long first, long count);

/// Mean correlation of the maps of different images about the same class, over all pairs of the `images`
/// images and all classes.
apps::mean image_correlation(const salient::tensor& targets, long classes, long images);

/// "0.93", or "none" if there was no pair.
std::string correlation_text(const apps::mean& alike);

}  // namespace gallery
