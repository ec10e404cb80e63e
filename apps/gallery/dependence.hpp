// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/pearson.hpp"
#include "salient/core/tensor.hpp"

namespace gallery {

/// How alike the maps of different classes are: the mean over images first .. first + count - 1, and over all
/// pairs of classes, of the correlation of the raw maps. `targets` holds `classes` maps an image, image after
/// image. Pairs with a constant map say nothing and are left out.
apps::mean class_correlation(const salient::tensor& targets, long classes, long first, long count);

/// How alike the maps of different images are: the same over all pairs of the `images` images, asked about
/// one class.
apps::mean image_correlation(const salient::tensor& targets, long classes, long images);

/// "0.93", or "none" of no pairs.
std::string correlation_text(const apps::mean& alike);

}  // namespace gallery
