// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/size.hpp"
#include "salient/core/tensor.hpp"
#include "salient/method/changed_inputs.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/option.hpp"
#include "salient/method/sampling.hpp"
#include "salient/method/words.hpp"

namespace salient {

namespace methods {

namespace detail {

struct rise_options {
  int masks, cells;
  double kept;
  long budget;
};

/// Throws salient::error for an option that is out of range.
SALIENT_EXPORT void check_rise(const rise_options&);

/// RISE's masks: a grid of zeros and ones, enlarged bilinearly to one cell more than the image on either
/// side, and cut out at a random offset of less than a cell. Its workspace is taken once.
class SALIENT_EXPORT random_masks {
 public:
  random_masks(size image, int cells, double kept, std::uint64_t seed);
  ~random_masks();

  /// Writes the mask of a sample, H x W: the same for every image.
  void draw(int sample, std::span<double> mask);

 private:
  struct workspace;
  std::unique_ptr<workspace> own_;
};

/// The input times the mask in each channel. For float and double.
template <class T>
SALIENT_EXPORT void apply_mask(std::span<const T> input, std::span<const double> mask, std::span<T> masked);

}  // namespace detail

struct rise {
  static constexpr method_words words{
      .name = "rise",
      .title = "RISE",
      .paper = "Petsiuk, Das, Saenko: RISE, Randomized Input Sampling for Explanation (2018)",
      .link = "https://arxiv.org/abs/1806.07421",
      .does =
          "Shows the network the image through thousands of random masks. A position's value is the mean "
          "score of the masks that show it.",
      .good =
          "Needs nothing of the network but its scores, and separates classes. The standard error says how "
          "far the mean has "
          "settled.",
      .bad =
          "Thousands of forward passes. As coarse as the masks. What all positions share, the score of an "
          "image half of which is hidden, is in every value, so that only differences between positions "
          "speak.",
      .relative = true,
      .of_probability = true,
      .slow = true,
  };

  int masks = 4000;        ///< for each image, 2 to 1,000,000
  int cells = 7;           ///< of the grid, on either side; 1 to 1000
  double kept = 0.5;       ///< share of cells that show the image, above 0 and at most 1
  std::uint64_t seed = 0;  ///< of the masks
  /// Bytes of device memory for the masked images that run together. More is slower on a CPU, whose caches do
  /// not hold it.
  long budget = 16L << 20;

  static constexpr auto options = std::tuple{
      method_option{"masks", "Random masks for each image", &rise::masks, option_range{2, 1'000'000}},
      method_option{"cells", "Cells of a mask's grid on either side", &rise::cells, option_range{1, 1000}},
      method_option{"kept", "Share of the cells that show the image", &rise::kept,
                    option_range{.lowest = 0, .highest = 1, .above = true}},
      method_option{"seed", "Seed of the masks", &rise::seed}};

  using needs = gradients::needs;
  template <class Network>
  static constexpr int tap = 0;

  /// Throws salient::error for an option that is out of range.
  template <class Network>
  void validate(long) const {
    detail::check_rise({masks, cells, kept, budget});
  }

  template <class Query>
  auto operator()(const Query& q) const {
    using scalar = typename Query::scalar;
    constexpr shape extent = Query::network::input_shape;
    constexpr auto positions = static_cast<std::size_t>(extent.positions());
    detail::random_masks random(size(extent), cells, kept, seed);
    const auto inputs = q.activation(0);
    sampled<scalar> result{q.result({}), {}, {}, {}, {}};
    detail::make_room(result, {extent.height, extent.width, 1}, q.batch());
    detail::changed_inputs changed(q, masks, budget);
    // Of the masks that run together, which are drawn again for each image: they are cheaper than passes.
    std::vector<double> drawn(positions * static_cast<std::size_t>(changed.capacity())), map(positions);
    const auto mask_of = [&](long k) {
      return std::span(drawn).subspan(positions * static_cast<std::size_t>(k % changed.capacity()),
                                      positions);
    };
    detail::moments moments;
    for (long n = 0; n < q.batch(); ++n) {
      moments.clear();
      changed.run(
          n, masks, "at an image under a random mask",
          [&](long k, std::span<scalar> masked) {
            random.draw(static_cast<int>(k), mask_of(k));
            detail::apply_mask<scalar>(inputs.image(n), mask_of(k), masked);
          },
          [&](long k, scalar value) {
            const auto mask = mask_of(k);
            for (std::size_t i = 0; i < positions; ++i) map[i] = mask[i] * static_cast<double>(value) / kept;
            moments.add<double>(map);
          });
      moments.write(result, n, "rise");
    }
    return result;
  }
};

}  // namespace methods

/// The mean of m f(x m) / p over random masks m of the network's input x, each position shown with
/// probability p: N x H x W x 1, with its standard error. f is the target's value; here by default the
/// probability of the predicted class, as in the paper. A hidden position is zero after preprocessing: the
/// mean colour, where a mean is subtracted. Masks depend on the seed, the sample and the size of the input
/// alone. A mask changes the whole image, so that each pass is a whole one. Petsiuk, Das and Saenko 2018,
/// arXiv:1806.07421.
template <class Model, class Target = probability>
auto rise(const Model& model, const basic_tensor<typename Model::scalar>& images, const Target& target = {},
          const methods::rise& options = {}) {
  return std::get<0>(explain(model, images, target, options));
}

}  // namespace salient
