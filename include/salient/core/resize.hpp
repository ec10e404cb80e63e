// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "salient/core/export.hpp"
#include "salient/core/picture.hpp"
#include "salient/core/size.hpp"

namespace salient {

/// Kernels of a picture's reduction or enlargement: triangles, or cubic splines with a = -0.5.
enum class filter { bilinear, bicubic };

/// Resizes a picture, bit for bit as `Image.resize` of Pillow 13: a kernel widens with the reduction, so that
/// every pixel counts (antialiasing), and values are rounded to 8 bits after each of two passes. Earlier
/// versions exchange the passes for pictures that lose more than twice as many rows as columns.
///
/// For what a network is shown. `resample` enlarges maps instead, as PyTorch does. Throws salient::error if
/// bytes and extent disagree or a size is not positive.
SALIENT_EXPORT picture resize(const picture& in, size to, filter how);

namespace detail {

/// One dimension of a resize: the source's interval of `length` pixels from `begin` on becomes `whole`
/// pixels, of which `count` from `first` on are computed. The interval lies in the source; kernels look
/// beyond it.
struct resized_side {
  int begin = 0;
  int length = 0;
  std::int64_t whole = 0;
  std::int64_t first = 0;
  int count = 0;
};

/// A part of a resized picture, of a part of the source. Pixels outside the result are not computed, so that
/// `whole` may be large.
SALIENT_EXPORT picture resize_part(const picture& in, const resized_side& rows, const resized_side& columns,
                                   filter how);

}  // namespace detail
}  // namespace salient
