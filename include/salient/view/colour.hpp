// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"
#include "salient/core/tensor.hpp"
#include "salient/view/oklab.hpp"

namespace salient {

enum class colour_map {
  sequential,  ///< magnitude in [0, 1]: near-black, violet, red, orange, pale yellow
  diverging,   ///< signed, in [-1, 1]: blue below zero, red above it, zero a neutral near-white
  grey,        ///< magnitude in [0, 1]: black to white, 8-bit levels unchanged
};

/// The colours from the lowest value to the highest: 256, or 257 for `diverging`, with zero in the middle.
///
/// `sequential` and `diverging` are curves in OKLab inside sRGB, sampled at equal arc lengths: equal steps of
/// the value look equal. Lightness increases along `sequential`, and decreases equally on both sides of zero
/// in `diverging`, so that neither sign looks stronger.
SALIENT_EXPORT std::span<const rgb> colours(colour_map map);

/// The colour of one normalised value. Values out of range take the colour at that end; NaN takes the
/// colour of zero.
SALIENT_EXPORT rgb colour_of(float value, colour_map map);

/// Colours image `image` of a normalised batch, N x H x W x 1 -> H x W x 3. Throws salient::error if the map
/// has several channels or there is no such image.
template <class T>
SALIENT_EXPORT picture colourise(const basic_tensor<T>& normalised_map, colour_map map, long image = 0);

}  // namespace salient
