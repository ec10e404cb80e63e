// SPDX-License-Identifier: MIT
#pragma once

namespace salient::networks {

// Rounding of the sizes of scaled networks, as in their authors' code.

/// Rounds to the nearest multiple of 8, or to the next larger one if the nearest is more than a
/// tenth smaller.
constexpr int round_channels(double channels) {
  const int nearest = static_cast<int>(channels + 4) / 8 * 8;
  const int rounded = nearest < 8 ? 8 : nearest;
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/// Rounds up to a whole number.
constexpr int round_up(double count) {
  const int whole = static_cast<int>(count);
  return whole < count ? whole + 1 : whole;
}

}  // namespace salient::networks
