// SPDX-License-Identifier: MIT
#include "salient/core/resize.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "salient/core/error.hpp"

namespace salient {
namespace {

// The arithmetic is that of Pillow's Resample.c, step by step, because results are compared bit for bit. The
// build forbids fused multiply-adds here for the same reason.

/// Bits of a weight after the point: 32, less 8 for the pixel and 2 for weights outside 0..1 and their sum.
constexpr int precision = 32 - 8 - 2;

constexpr double support_of(filter f) { return f == filter::bilinear ? 1.0 : 2.0; }

double kernel(filter f, double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (f == filter::bilinear) return x < 1 ? 1 - x : 0;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/// The source pixels of one target pixel, from `first` on, and where their weights are.
struct tap {
  int first = 0;
  int count = 0;
  std::size_t weights = 0;
};

struct taps {
  std::vector<tap> each;
  std::vector<int> weights;
};

taps taps_of(int source, const detail::resized_side& side, filter f) {
  const double scale = static_cast<double>(side.length) / static_cast<double>(side.whole);
  const double widening = std::max(scale, 1.0), support = support_of(f) * widening, narrowing = 1 / widening;
  taps result;
  std::vector<double> exact;
  for (int i = 0; i < side.count; ++i) {
    const double centre = side.begin + (static_cast<double>(side.first + i) + 0.5) * scale;
    const int low = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int high = std::min(static_cast<int>(centre + support + 0.5), source);
    double sum = 0;
    exact.clear();
    for (int at = low; at < high; ++at) {
      exact.push_back(kernel(f, (at - centre + 0.5) * narrowing));
      sum += exact.back();
    }
    result.each.push_back({low, std::max(high - low, 0), result.weights.size()});
    for (double w : exact) {
      if (sum != 0) w /= sum;
      result.weights.push_back(static_cast<int>((w < 0 ? -0.5 : 0.5) + w * (1 << precision)));
    }
  }
  return result;
}

std::uint8_t rounded(int sum) { return static_cast<std::uint8_t>(std::clamp(sum >> precision, 0, 255)); }

/// One row of the result: `pixel` gives the address of a source pixel, `step` is the distance to the next
/// one.
void blend(const tap& t, const int* weights, const std::uint8_t* from, std::size_t step, std::size_t channels,
           std::uint8_t* to) {
  for (std::size_t c = 0; c < channels; ++c) {
    int sum = 1 << (precision - 1);
    for (int k = 0; k < t.count; ++k)
      sum += from[static_cast<std::size_t>(k) * step + c] * weights[t.weights + static_cast<std::size_t>(k)];
    to[c] = rounded(sum);
  }
}

bool changes(int source, const detail::resized_side& side) {
  return side.whole != source || side.begin != 0 || side.length != source || side.first != 0 ||
         side.count != source;
}

/// Resizes rows `first` to `first + count` of the picture along x.
picture along_x(const picture& in, int first, int count, const detail::resized_side& columns, filter how) {
  const auto channels = static_cast<std::size_t>(in.channels);
  const std::size_t row = static_cast<std::size_t>(in.width) * channels;
  picture out{count, columns.count, in.channels, {}};
  out.bytes.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(columns.count) * channels);
  const taps t = taps_of(in.width, columns, how);
  std::uint8_t* to = out.bytes.data();
  for (int y = 0; y < count; ++y) {
    const std::uint8_t* const line = in.bytes.data() + static_cast<std::size_t>(first + y) * row;
    for (const tap& each : t.each) {
      blend(each, t.weights.data(), line + static_cast<std::size_t>(each.first) * channels, channels,
            channels, to);
      to += channels;
    }
  }
  return out;
}

/// Resizes along y; row 0 of `in` is row `skipped` of the source, which has `source` rows.
picture along_y(const picture& in, int source, int skipped, const detail::resized_side& rows, filter how) {
  const std::size_t row = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.channels);
  picture out{rows.count, in.width, in.channels, {}};
  out.bytes.resize(static_cast<std::size_t>(rows.count) * row);
  const taps t = taps_of(source, rows, how);
  std::uint8_t* to = out.bytes.data();
  for (const tap& each : t.each) {
    const std::uint8_t* const from = in.bytes.data() + static_cast<std::size_t>(each.first - skipped) * row;
    blend(each, t.weights.data(), from, row, row, to);
    to += row;
  }
  return out;
}

}  // namespace

namespace detail {

picture resize_part(const picture& in, const resized_side& rows, const resized_side& columns, filter how) {
  if (!changes(in.width, columns))
    return changes(in.height, rows) ? along_y(in, in.height, 0, rows, how) : in;
  if (!changes(in.height, rows)) return along_x(in, 0, in.height, columns, how);
  // Pillow's choice since version 13; before, it always took the rows first. As values are rounded between
  // the passes, the order is seen in the result.
  const std::int64_t lost_rows = in.height - rows.whole, lost_columns = in.width - columns.whole;
  if (lost_rows > 0 && lost_rows > 2 * lost_columns)
    return along_x(along_y(in, in.height, 0, rows, how), 0, rows.count, columns, how);
  int first = in.height, end = 0;  // only the rows that the second pass reads
  for (const tap& t : taps_of(in.height, rows, how).each) {
    first = std::min(first, t.first);
    end = std::max(end, t.first + t.count);
  }
  return along_y(along_x(in, first, end - first, columns, how), in.height, first, rows, how);
}

}  // namespace detail

picture resize(const picture& in, size to, filter how) {
  const auto bytes = static_cast<std::size_t>(std::max(in.height, 0)) *
                     static_cast<std::size_t>(std::max(in.width, 0)) *
                     static_cast<std::size_t>(std::max(in.channels, 0));
  if (bytes == 0 || in.bytes.size() != bytes)
    throw error("resize: a picture of " + std::to_string(in.height) + "x" + std::to_string(in.width) + "x" +
                std::to_string(in.channels) + " with " + std::to_string(in.bytes.size()) +
                " bytes; expected one byte for each value");
  if (to.height < 1 || to.width < 1)
    throw error("resize: the size " + std::to_string(to.height) + "x" + std::to_string(to.width) +
                " has no pixels; expected at least 1x1");
  return detail::resize_part(in, {0, in.height, to.height, 0, to.height},
                             {0, in.width, to.width, 0, to.width}, how);
}

}  // namespace salient
