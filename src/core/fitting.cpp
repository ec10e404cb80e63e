// SPDX-License-Identifier: MIT
#include "salient/core/fitting.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "salient/core/error.hpp"

namespace salient {
namespace {

std::string text_of(size s) { return std::to_string(s.height) + "x" + std::to_string(s.width); }

std::int64_t divided_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// The part of one resized side that is cropped: the middle, rounded to even as by Python's round().
detail::resized_side cropped(int source, std::int64_t whole, int crop) {
  const std::int64_t twice = whole - crop, down = twice / 2;
  const std::int64_t first = twice % 2 == 0 ? down : down + down % 2;
  return {0, source, whole, first, crop};
}

picture resized_then_cropped(const picture& in, size to, const fitting& how) {
  const std::int64_t shorter = std::min(in.height, in.width);
  const std::int64_t side = std::max({std::int64_t{how.resize}, divided_up(to.height * shorter, in.height),
                                      divided_up(to.width * shorter, in.width)});
  return detail::resize_part(in, cropped(in.height, side * in.height / shorter, to.height),
                             cropped(in.width, side * in.width / shorter, to.width), how.filter);
}

picture cropped_then_resized(const picture& in, size to, const fitting& how) {
  const double shorter = std::min(in.height, in.width);
  // Source pixels for one of the result.
  const double scale = std::min({shorter / how.resize, static_cast<double>(in.height) / to.height,
                                 static_cast<double>(in.width) / to.width});
  const auto side = [&](int source, int result) {
    const int length = std::clamp(static_cast<int>(std::nearbyint(result * scale)), 1, source);
    return detail::resized_side{(source - length) / 2, length, result, 0, result};
  };
  return detail::resize_part(in, side(in.height, to.height), side(in.width, to.width), how.filter);
}

}  // namespace

picture fit(const picture& in, size to, const fitting& how) {
  if (how.resize < 0) throw error("fit: resize is " + std::to_string(how.resize) + "; it must be at least 0");
  const size found(in.height, in.width);
  if (how.resize == 0 || found.height < 1 || found.width < 1 || to.height < 1 || to.width < 1) {
    if (found == to) return in;
    throw error("fit: the picture has " + text_of(found) + " pixels, the network needs " + text_of(to) +
                "; resize it, or say how with fitting{.resize = ...}");
  }
  if (in.bytes.size() != static_cast<std::size_t>(in.height) * static_cast<std::size_t>(in.width) *
                             static_cast<std::size_t>(std::max(in.channels, 0)))
    throw error("fit: a picture of " + text_of(found) + " with " + std::to_string(in.bytes.size()) +
                " bytes; expected one byte for each value");
  return how.crop_first ? cropped_then_resized(in, to, how) : resized_then_cropped(in, to, how);
}

}  // namespace salient
