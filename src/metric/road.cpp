// SPDX-License-Identifier: MIT
#include "salient/metric/road.hpp"

#include <cmath>
#include <string>

#include "core/refuse.hpp"
#include "kernel/neighbour_mean.hpp"
#include "metric/mask.hpp"
#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/philox.hpp"

namespace salient::metrics {
using salient::detail::refuse;

namespace detail {

void check_imputation(const imputation& options, std::string_view metric) {
  if (!is_finite(options.noise) || !(options.noise >= 0))
    refuse(metric, "the noise is a standard deviation, which must be at least 0 and finite", options.noise);
}

std::vector<long> removed_pixels(long pixels, const road_options& options) {
  if (!is_finite(options.most) || !(options.most > 0 && options.most < 1))
    refuse("road", "the largest share that is removed must be above 0 and below 1", options.most);
  const long last = std::lround(options.most * static_cast<double>(pixels));
  if (last < 1 || last >= pixels)
    refuse("road",
           "the largest share that is removed must be at least one of " + std::to_string(pixels) +
               " pixels and leave one",
           options.most);
  return changed_pixels(last, options.steps, "road");
}

template <class T>
void impute_one(std::span<const T> image, shape extent, std::span<const long> removed,
                const imputation& options, long n, std::span<T> filled) {
  std::ranges::copy(image, filled.begin());
  if (removed.empty()) return;
  std::vector<double> pixels(image.begin(), image.end());
  kernel::solve_for_missing(extent.height, extent.width, extent.channels, removed, pixels);
  const random_numbers numbers{.seed = options.seed,
                               .use = random_use::imputation_noise,
                               .image = options.first + static_cast<std::uint32_t>(n),
                               .sample = static_cast<std::uint32_t>(removed.size())};
  const auto channels = static_cast<std::size_t>(extent.channels);
  for (const long pixel : removed)
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t i = static_cast<std::size_t>(pixel) * channels + c;
      filled[i] = static_cast<T>(pixels[i] + (options.noise > 0 ? options.noise * numbers.normal(i) : 0));
    }
}

template void impute_one(std::span<const float>, shape, std::span<const long>, const imputation&, long,
                         std::span<float>);
template void impute_one(std::span<const double>, shape, std::span<const long>, const imputation&, long,
                         std::span<double>);

}  // namespace detail

template <class T>
basic_tensor<T> impute(const basic_tensor<T>& images, const tensor& removed, const imputation& options) {
  detail::check_map(images, "impute");
  detail::check_mask(removed, "impute");
  detail::check_imputation(options, "impute");
  const shape extent = images.extent;
  if (removed.batch != images.batch || !(size(removed.extent) == size(extent)))
    refuse("impute",
           "needs a mask of " + std::to_string(extent.height) + "x" + std::to_string(extent.width) +
               " for each of " + std::to_string(images.batch) + " images",
           std::to_string(removed.batch) + " of " + std::to_string(removed.extent.height) + "x" +
               std::to_string(removed.extent.width));
  basic_tensor<T> filled(extent, images.batch);
  for (long n = 0; n < images.batch; ++n) {
    std::vector<long> places;
    const auto mask = removed.image(n);
    for (std::size_t i = 0; i < mask.size(); ++i)
      if (mask[i] != 0) places.push_back(static_cast<long>(i));
    if (places.size() == mask.size())
      throw error("impute: all pixels of image " + std::to_string(n) +
                  " are removed, so that nothing is left to fill them in from");
    detail::impute_one<T>(images.image(n), extent, places, options, n, filled.image(n));
  }
  return filled;
}

template basic_tensor<float> impute(const basic_tensor<float>&, const tensor&, const imputation&);
template basic_tensor<double> impute(const basic_tensor<double>&, const tensor&, const imputation&);

}  // namespace salient::metrics
