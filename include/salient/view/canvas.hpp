// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"
#include "salient/view/oklab.hpp"

namespace salient {

/// Draws into pictures. x runs right and y down from the top left corner; what lies outside a picture is
/// clipped. On a grey picture a colour is drawn as its luma. All functions throw salient::error if bytes and
/// extent disagree.

/// An RGB picture of one colour. Throws salient::error for a negative size or more than 2^28 pixels.
SALIENT_EXPORT picture blank(int height, int width, rgb colour);

/// Fills the rectangle of `width` x `height` pixels whose top left corner is (x, y).
SALIENT_EXPORT void fill(picture& on, int x, int y, int width, int height, rgb colour);

/// Draws a line one pixel wide just outside the rectangle.
SALIENT_EXPORT void frame(picture& on, int x, int y, int width, int height, rgb colour);

/// Copies `what` to (x, y). Converts grey to RGB, and RGB to grey by its luma.
SALIENT_EXPORT void paste(picture& on, int x, int y, const picture& what);

/// Enlarges every pixel to a square of `factor` x `factor`, so that the pixels of a small map stay crisp.
SALIENT_EXPORT picture enlarge(const picture& in, int factor);

}  // namespace salient
