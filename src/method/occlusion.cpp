// SPDX-License-Identifier: MIT
#include "salient/method/occlusion.hpp"

#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::methods::detail {
namespace {

std::string text(size s) { return std::to_string(s.height) + "x" + std::to_string(s.width); }

}  // namespace

windows make_windows(shape image, const std::optional<size>& window, const std::optional<size>& stride) {
  const bool small = std::min(image.height, image.width) < 64;
  const int side = small ? 4 : 15, step = small ? 2 : 8;
  const size w = window.value_or(size(std::min(side, image.height), std::min(side, image.width)));
  if (w.height < 1 || w.width < 1 || w.height > image.height || w.width > image.width)
    throw error("occlusion: the window must be between 1x1 and the image, " + text(size(image)) + ", got " +
                text(w));
  const size s = stride.value_or(size(std::min(step, w.height), std::min(step, w.width)));
  if (s.height < 1 || s.width < 1 || s.height > w.height || s.width > w.width)
    throw error("occlusion: the stride must be between 1x1 and the window, " + text(w) +
                ", beyond which pixels are never covered; got " + text(s));
  return {w, s, image};
}

void check_occlusion(double baseline) {
  if (!is_finite(baseline)) throw error("occlusion: the baseline must be a finite number");
}

}  // namespace salient::methods::detail
