// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"
#include "salient/core/resize.hpp"
#include "salient/core/size.hpp"

namespace salient {

/// How a picture of any size becomes one of a network's height and width; must be as in its training.
///
/// The whole picture, reduced until its shorter side has `resize` pixels, is larger than the network's input,
/// which is its middle. `fitting{.resize = 256}` is what torchvision does for most classifiers: it resizes,
/// then crops. With `crop_first` the same middle is cut out of the picture and then resized, as TensorFlow's
/// EfficientNets do; the pixels differ slightly.
struct fitting {
  int resize = 0;  ///< pixels of the shorter side; 0: a picture must have the network's size
  salient::filter filter = salient::filter::bilinear;
  bool crop_first = false;

  friend constexpr bool operator==(const fitting&, const fitting&) = default;
};

/// Fits a picture to `to`, bit for bit as Pillow and torchvision do. Where the picture would be too small for
/// the crop, as a wide input needs of a high picture, it is enlarged until it covers the input. Throws
/// salient::error for a defective picture, and for another size than `to` if `how.resize` is 0.
SALIENT_EXPORT picture fit(const picture& in, size to, const fitting& how);

}  // namespace salient
