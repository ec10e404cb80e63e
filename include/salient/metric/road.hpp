// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/preprocessing.hpp"
#include "salient/metric/perturbation.hpp"
#include "salient/metric/plane.hpp"
#include "salient/metric/scorer.hpp"

namespace salient::metrics {

/// How removed pixels are filled in.
struct imputation {
  double noise = 0.01;  ///< standard deviation of what is added to them, in units of the images' pixels
  std::uint64_t seed = 0;
  std::uint32_t first = 0;  ///< image n of the batch has the random numbers of image `first` + n
};

/// Images whose removed pixels are filled in from the others, so that the hole itself shows as little as may
/// be: each becomes the weighted mean of its eight neighbours, removed ones too (1/6 for direct ones, 1/12
/// for diagonal ones; at the border those that exist, with these weights over their sum), which is a linear
/// system, plus normal noise. Rong et al. 2022, arXiv:2202.00449.
///
/// images: N x H x W x C. removed: N x H x W x 1, not zero where a pixel is removed. The others do not
/// change. The noise depends on the seed, the image's number, how many pixels are removed, and the element.
/// For images in float and double. Throws salient::error if all pixels of an image are removed, for which
/// there is no solution, if there is not one mask of the images' size for each image, and if noise, images or
/// masks are not finite.
template <class T>
basic_tensor<T> impute(const basic_tensor<T>& images, const tensor& removed, const imputation& options = {});

enum class removal_order {
  most_relevant_first,   ///< the paper's MoRF: as deletion; a small area is good
  least_relevant_first,  ///< LeRF: as insertion, read backwards; a large area is good
};

struct road_options {
  removal_order order = removal_order::most_relevant_first;
  int steps = 9;  ///< removals, of sizes as equal as whole pixels allow
  /// The share of the pixels that is removed at last, above 0 and below 1: a whole image cannot be filled in.
  double most = 0.9;
  imputation fill{};
  long at_once = 64;  ///< images in one forward pass
};

namespace detail {

/// Throws salient::error if the noise is out of range.
void check_imputation(const imputation& options, std::string_view metric);

/// 0, ..., the most that are removed. Throws salient::error for an option out of range.
std::vector<long> removed_pixels(long pixels, const road_options& options);

/// Writes image n with its removed pixels filled in; fewer than all.
template <class T>
void impute_one(std::span<const T> image, shape extent, std::span<const long> removed,
                const imputation& options, long n, std::span<T> filled);

}  // namespace detail

/// ROAD, remove and debias: the curve of each image while its pixels are removed and filled in from the rest.
/// Deletion to a fixed colour draws shapes that give away which pixels were removed; this hardly does. Rong
/// et al. 2022, arXiv:2202.00449.
///
/// Images, maps, target and errors are those of deletion, see metric/perturbation.hpp. The order of removal
/// of the one kind is that of the other backwards. The imputed images are pixels, before preprocessing.
template <class Model, class Target = probability>
std::vector<curve> road(const Model& model, const basic_tensor<typename Model::scalar>& images,
                        const basic_tensor<typename Model::scalar>& maps, const Target& target = {},
                        const road_options& options = {}) {
  using scalar = typename Model::scalar;
  constexpr shape extent = Model::network::input_shape;
  const auto removed = detail::removed_pixels(extent.positions(), options);
  detail::check_imputation(options.fill, "road");
  detail::scorer<Model, Target> scorer(model, images, target, static_cast<long>(removed.size()),
                                       options.at_once);
  const auto planes = detail::relevance(maps, size(extent), images.batch, "road");
  std::vector<scalar> filled(static_cast<std::size_t>(extent.elements()));
  std::vector<curve> curves;
  for (long n = 0; n < images.batch; ++n) {
    std::vector<long> order = detail::largest_first(planes.image(n));
    if (options.order == removal_order::least_relevant_first) std::ranges::reverse(order);
    auto found = scorer.values_of(
        static_cast<long>(removed.size()), [n](long) { return n; },
        [&](long k, std::span<scalar> input) {
          const auto some = static_cast<std::size_t>(removed[static_cast<std::size_t>(k)]);
          detail::impute_one<scalar>(images.image(n), extent, std::span(order).first(some), options.fill, n,
                                     filled);
          salient::detail::preprocess<scalar>(model.input_preprocessing(), extent.channels, filled, input);
        });
    curves.push_back(detail::make_curve(removed, extent.positions(), std::move(found),
                                        !detail::constant(planes.image(n))));
  }
  return curves;
}

}  // namespace salient::metrics
