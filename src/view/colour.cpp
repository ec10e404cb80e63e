// SPDX-License-Identifier: MIT
#include "salient/view/colour.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

#include "salient/core/finite.hpp"
#include "view/check.hpp"

namespace salient {
namespace {

/// A knot of a colour curve at `t` in [0, 1]. Lightness is linear in t, so knots do not hold it.
struct knot {
  double t;
  double chroma;
  double hue;  // degrees
};

struct curve {
  double first_lightness;
  double last_lightness;
  std::vector<knot> knots;
};

/// Monotone cubic interpolation (Fritsch & Carlson, 1980). It never overshoots, so a curve whose knots lie
/// inside sRGB stays inside between them.
double interpolate(const std::vector<knot>& knots, double knot::* value, double t) {
  const auto slope = [&](std::size_t i) {
    return (knots[i + 1].*value - knots[i].*value) / (knots[i + 1].t - knots[i].t);
  };
  const auto tangent = [&](std::size_t i) {
    if (i == 0) return slope(0);
    if (i + 1 == knots.size()) return slope(i - 1);
    const double before = slope(i - 1), after = slope(i);
    return before * after <= 0 ? 0 : 2 * before * after / (before + after);
  };
  std::size_t i = 0;
  while (i + 2 < knots.size() && t > knots[i + 1].t) ++i;
  const double h = knots[i + 1].t - knots[i].t, u = (t - knots[i].t) / h;
  return knots[i].*value * (1 + 2 * u) * (1 - u) * (1 - u) + h * tangent(i) * u * (1 - u) * (1 - u) +
         knots[i + 1].*value * u * u * (3 - 2 * u) + h * tangent(i + 1) * u * u * (u - 1);
}

oklab at(const curve& c, double t) {
  const double chroma = interpolate(c.knots, &knot::chroma, t);
  const double hue = interpolate(c.knots, &knot::hue, t) * std::numbers::pi / 180;
  return {std::lerp(c.first_lightness, c.last_lightness, t), chroma * std::cos(hue), chroma * std::sin(hue)};
}

/// `count` colours of the curve at equal arc lengths.
std::vector<rgb> even_steps(const curve& c, std::size_t count) {
  constexpr int fine = 4096;
  std::vector<double> walked{0};
  for (int i = 1; i <= fine; ++i)
    walked.push_back(walked.back() + difference(at(c, (i - 1.0) / fine), at(c, 1.0 * i / fine)));
  std::vector<rgb> result;
  for (std::size_t i = 0, below = 0; i < count; ++i) {
    const double goal = walked.back() * static_cast<double>(i) / static_cast<double>(count - 1);
    while (below + 2 < walked.size() && walked[below + 1] < goal) ++below;
    const double part = (goal - walked[below]) / (walked[below + 1] - walked[below]);
    const linear_rgb colour = to_linear(at(c, (static_cast<double>(below) + part) / fine));
    assert(colour.in_gamut() && "clipping would make the steps uneven");
    result.push_back(to_srgb(colour));
  }
  return result;
}

std::vector<rgb> make_sequential() {
  return even_steps({0.12,
                     0.97,
                     {{0, 0.030, 290},
                      {0.15, 0.090, 295},
                      {0.35, 0.165, 325},
                      {0.55, 0.190, 378},
                      {0.75, 0.155, 415},
                      {0.90, 0.125, 448},
                      {1, 0.070, 465}}},
                    256);
}

std::vector<rgb> make_diverging() {
  // Both sides share one profile of chroma and have mirrored turns of hue, so they are equally long and
  // equally light.
  constexpr double middle = 0.97, end = 0.42;
  constexpr std::size_t side = 129;
  const auto arm = [](double start_hue, double turn) {
    return curve{middle,
                 end,
                 {{0, 0, start_hue},
                  {0.25, 0.065, start_hue + 0.295 * turn},
                  {0.5, 0.130, start_hue + 0.59 * turn},
                  {0.6, 0.155, start_hue + 0.69 * turn},
                  {0.85, 0.170, start_hue + 0.90 * turn},
                  {1, 0.160, start_hue + turn}}};
  };
  const auto below = even_steps(arm(240, 22), side), above = even_steps(arm(48, -22), side);
  std::vector<rgb> result(below.rbegin(), below.rend());
  result.insert(result.end(), above.begin() + 1, above.end());
  return result;
}

std::vector<rgb> make_grey() {
  std::vector<rgb> result;
  for (int level = 0; level < 256; ++level) {
    const auto byte = static_cast<std::uint8_t>(level);
    result.push_back({byte, byte, byte});
  }
  return result;
}

}  // namespace

std::span<const rgb> colours(colour_map map) {
  static const std::vector<rgb> sequential = make_sequential(), diverging = make_diverging(),
                                grey = make_grey();
  switch (map) {
    case colour_map::diverging:
      return diverging;
    case colour_map::grey:
      return grey;
    case colour_map::sequential:
      break;
  }
  return sequential;
}

rgb colour_of(float value, colour_map map) {
  const auto table = colours(map);
  const double lowest = map == colour_map::diverging ? -1 : 0;
  const double v = is_nan(value) ? 0 : std::clamp(static_cast<double>(value), lowest, 1.0);
  const double last = static_cast<double>(table.size() - 1);
  return table[static_cast<std::size_t>(std::lround((v - lowest) / (1 - lowest) * last))];
}

template <class T>
picture colourise(const basic_tensor<T>& normalised_map, colour_map map, long image) {
  view_detail::check_plane(normalised_map, image, "colourise");
  const shape s = normalised_map.extent;
  picture result{s.height, s.width, 3, {}};
  result.bytes.reserve(static_cast<std::size_t>(3 * s.positions()));
  for (const T value : normalised_map.image(image)) {
    const rgb colour = colour_of(static_cast<float>(value), map);
    result.bytes.insert(result.bytes.end(), {colour.red, colour.green, colour.blue});
  }
  return result;
}

template picture colourise(const basic_tensor<float>&, colour_map, long);
template picture colourise(const basic_tensor<double>&, colour_map, long);

}  // namespace salient
