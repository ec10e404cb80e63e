// SPDX-License-Identifier: MIT
#include "salient/view/canvas.hpp"

#include <algorithm>
#include <cmath>

#include "view/check.hpp"

namespace salient {
namespace {

constexpr long long most_pixels = 1LL << 28;

std::uint8_t luma(rgb c) {
  return static_cast<std::uint8_t>(std::lround(0.299 * c.red + 0.587 * c.green + 0.114 * c.blue));
}

std::size_t pixel(const picture& in, int x, int y) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(in.width) + static_cast<std::size_t>(x)) *
         static_cast<std::size_t>(in.channels);
}

rgb colour_at(const picture& in, int x, int y) {
  const std::uint8_t* p = in.bytes.data() + pixel(in, x, y);
  return in.channels == 3 ? rgb{p[0], p[1], p[2]} : rgb{p[0], p[0], p[0]};
}

void put(picture& on, int x, int y, rgb colour) {
  std::uint8_t* p = on.bytes.data() + pixel(on, x, y);
  if (on.channels == 1) {
    *p = luma(colour);
  } else {
    p[0] = colour.red, p[1] = colour.green, p[2] = colour.blue;
  }
}

void check_size(long long height, long long width, const char* who) {
  if (height < 0 || width < 0 || height > most_pixels || width > most_pixels || height * width > most_pixels)
    throw error(std::string(who) + ": cannot make a picture of " + std::to_string(height) + "x" +
                std::to_string(width) + " pixels; " + std::to_string(most_pixels) + " is the most");
}

/// The part of [start, start + length) inside [0, end). In long long, so that no sum overflows.
struct span_inside {
  int first;
  int last;
  span_inside(long long start, long long length, int end)
      : first(static_cast<int>(std::clamp<long long>(start, 0, end))),
        last(static_cast<int>(std::clamp<long long>(start + std::max(length, 0LL), 0, end))) {}
};

}  // namespace

picture blank(int height, int width, rgb colour) {
  check_size(height, width, "blank");
  picture result{height, width, 3, {}};
  result.bytes.resize(3 * static_cast<std::size_t>(height) * static_cast<std::size_t>(width));
  fill(result, 0, 0, width, height, colour);
  return result;
}

void fill(picture& on, int x, int y, int width, int height, rgb colour) {
  view_detail::check(on, "fill");
  const span_inside columns(x, width, on.width), rows(y, height, on.height);
  for (int v = rows.first; v < rows.last; ++v)
    for (int u = columns.first; u < columns.last; ++u) put(on, u, v, colour);
}

void frame(picture& on, int x, int y, int width, int height, rgb colour) {
  fill(on, x - 1, y - 1, width + 2, 1, colour);
  fill(on, x - 1, y + height, width + 2, 1, colour);
  fill(on, x - 1, y - 1, 1, height + 2, colour);
  fill(on, x + width, y - 1, 1, height + 2, colour);
}

void paste(picture& on, int x, int y, const picture& what) {
  view_detail::check(on, "paste");
  view_detail::check(what, "paste");
  const span_inside columns(x, what.width, on.width), rows(y, what.height, on.height);
  for (int v = rows.first; v < rows.last; ++v)
    for (int u = columns.first; u < columns.last; ++u) put(on, u, v, colour_at(what, u - x, v - y));
}

picture enlarge(const picture& in, int factor) {
  view_detail::check(in, "enlarge");
  if (factor < 1) throw error("enlarge: a factor is 1 or more, got " + std::to_string(factor));
  const long long height = static_cast<long long>(in.height) * factor,
                  width = static_cast<long long>(in.width) * factor;
  check_size(height, width, "enlarge");
  picture result{static_cast<int>(height), static_cast<int>(width), in.channels, {}};
  result.bytes.resize(in.bytes.size() * static_cast<std::size_t>(factor) * static_cast<std::size_t>(factor));
  for (int y = 0; y < result.height; ++y)
    for (int x = 0; x < result.width; ++x) put(result, x, y, colour_at(in, x / factor, y / factor));
  return result;
}

}  // namespace salient
