// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"
#include "salient/core/tensor.hpp"
#include "salient/view/colour.hpp"

namespace salient {

/// Image `image` of a batch as a picture: 1 channel becomes grey, 3 become RGB. Values are clamped to [0, 1];
/// NaN becomes 0. Throws salient::error for any other number of channels.
template <class T>
SALIENT_EXPORT picture show(const basic_tensor<T>& images, long image = 0);

struct overlay_options {
  double alpha = 0.85;  ///< opacity of the map, from 0 (only the input) to 1 (only the map)
  bool opacity_by_magnitude =
      true;  ///< a value v is drawn at alpha x |v|, so that zero shows the input unchanged
};

/// Colours image `image` of a normalised batch, N x H x W x 1, and blends it over `input` (H x W, grey or
/// RGB) into an RGB picture. Throws salient::error if their sizes differ (see resample) or alpha is
/// outside [0, 1].
template <class T>
SALIENT_EXPORT picture overlay(const picture& input, const basic_tensor<T>& normalised_map, colour_map map,
                               overlay_options options = {}, long image = 0);

}  // namespace salient
