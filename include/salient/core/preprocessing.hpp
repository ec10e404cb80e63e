// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/fitting.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

/// The order of a network's colour channels.
enum class channel_order { rgb, bgr };

/// One number for each channel, one number for all channels, or none.
struct SALIENT_EXPORT channel_values {
  static constexpr std::size_t capacity = 16;
  double values[capacity]{};
  std::size_t count = 0;

  constexpr channel_values() = default;
  template <std::convertible_to<double>... V>
    requires(sizeof...(V) > 0 && sizeof...(V) <= capacity)
  constexpr channel_values(V... v) : values{static_cast<double>(v)...}, count(sizeof...(V)) {}
  /// Throws salient::error for more than `capacity` numbers.
  explicit channel_values(std::span<const double>);

  constexpr double of(int channel, double if_none) const {
    if (count == 0) return if_none;
    return values[count == 1 ? 0 : static_cast<std::size_t>(channel)];
  }

  friend constexpr bool operator==(const channel_values&, const channel_values&) = default;
};

/// How images become a network's input; must be as in its training.
///
/// Images hold pixels from 0 to 1 in RGB order, as read_image returns them. Channel c of the input is (range
/// * pixel - mean[c]) / deviation[c]. By default the input is the pixels themselves.
struct preprocessing {
  double range = 1;            ///< the value of a white pixel before the mean is subtracted: 1 or 255
  channel_values mean{};       ///< on the scale of `range`, in the network's channel order; default 0
  channel_values deviation{};  ///< standard deviation, on the same scale; default 1
  channel_order order = channel_order::rgb;  ///< bgr: channel 0 of the input is blue
  fitting fit{};  ///< what read_image does to a picture of another size; by default it refuses it

  friend constexpr bool operator==(const preprocessing&, const preprocessing&) = default;
};

/// Why the preprocessing does not fit images with `channels` channels; empty if it fits.
constexpr std::string_view defect_of(const preprocessing& p, int channels) {
  const auto fits = [&](const channel_values& v) {
    return v.count <= 1 || v.count == static_cast<std::size_t>(channels);
  };
  if (!(p.range > 0) || !is_finite(p.range)) return "the range must be above 0 and finite";
  if (!fits(p.mean)) return "the mean must be one number, or one for each channel of the input";
  if (!fits(p.deviation)) return "the deviation must be one number, or one for each channel of the input";
  const auto finite = [](const channel_values& v) { return all_finite(std::span(v.values, v.count)); };
  if (!finite(p.mean)) return "the mean must be finite";
  for (int c = 0; c < channels; ++c)
    if (!finite(p.deviation) || !(p.deviation.of(c, 1) > 0))
      return "the deviation must be above 0 and finite";
  if (p.fit.resize < 0) return "fit.resize must be at least 0";
  if (p.order == channel_order::bgr && channels != 3) return "the order bgr needs an input of 3 channels";
  return {};
}

namespace detail {

/// Returns the preprocessing. Throws salient::error if it does not fit images with `channels` channels.
SALIENT_EXPORT const preprocessing& suitable(const preprocessing&, int channels);

/// Writes the network's input for `pixels`: any number of positions of `channels` values. For float and
/// double; the two spans must not overlap.
template <class T>
SALIENT_EXPORT void preprocess(const preprocessing&, int channels, std::span<const T> pixels,
                               std::span<T> input);

}  // namespace detail

/// The network's input for these images: N x H x W x C to N x H x W x C. Throws salient::error if the
/// preprocessing does not fit the number of channels.
template <class T>
SALIENT_EXPORT basic_tensor<T> preprocess(const preprocessing&, const basic_tensor<T>& images);

/// True if a value of this image is below -1 or above 2. Pixels lie between 0 and 1, so such an image was
/// probably scaled to 0..255 or already normalised.
template <class T>
SALIENT_EXPORT bool out_of_range(std::span<const T> image);

/// The indices of a batch's out-of-range images, increasing.
template <class T>
SALIENT_EXPORT std::vector<int> out_of_range(const basic_tensor<T>& images);

}  // namespace salient
