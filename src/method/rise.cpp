// SPDX-License-Identifier: MIT
#include "salient/method/rise.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/refuse.hpp"
#include "salient/core/finite.hpp"
#include "salient/core/philox.hpp"

namespace salient::methods::detail {
namespace {

constexpr int most_cells = 1000;

/// The pixels of a cell: `cells` of them are at least as long as the image.
int along(int length, int cells) { return (length + cells - 1) / cells; }

}  // namespace

void check_rise(const rise_options& o) {
  salient::detail::check_sample_count("rise", "masks", o.masks);
  if (o.cells < 1 || o.cells > most_cells)
    salient::detail::refuse("rise", "cells must be between 1 and " + std::to_string(most_cells), o.cells);
  if (!is_finite(o.kept) || !(o.kept > 0 && o.kept <= 1))
    salient::detail::refuse(
        "rise", "kept is the share of cells that show the image, which must be above 0 and at most 1",
        o.kept);
  check_budget("rise", o.budget);
}

random_masks::random_masks(size image, int cells, double kept, std::uint64_t seed)
    : image_(image),
      cell_(along(image.height, cells), along(image.width, cells)),
      kept_(kept),
      seed_(seed),
      large_((cells + 1) * cell_.height, (cells + 1) * cell_.width),
      enlarge_({cells, cells}, large_),
      grid_(static_cast<std::size_t>(cells) * static_cast<std::size_t>(cells)),
      enlarged_(static_cast<std::size_t>(large_.height) * static_cast<std::size_t>(large_.width)) {}

void random_masks::draw(int sample, std::span<double> mask) {
  const random_numbers numbers{.seed = seed_,
                               .use = random_use::mask,
                               .image = 0,  // every image has the same masks
                               .sample = static_cast<std::uint32_t>(sample)};
  numbers.uniforms(grid_);
  for (double& v : grid_) v = v < kept_ ? 1 : 0;
  const auto offset = [&](std::uint64_t element, int cell) {
    return static_cast<int>(numbers.uniform(grid_.size() + element) * cell);
  };
  const int top = offset(0, cell_.height), left = offset(1, cell_.width);
  enlarge_(std::span<const double>(grid_), 1, std::span(enlarged_));
  for (int y = 0; y < image_.height; ++y) {
    const double* const row = &enlarged_[static_cast<std::size_t>((top + y) * large_.width + left)];
    std::copy_n(row, image_.width, mask.begin() + static_cast<std::ptrdiff_t>(y) * image_.width);
  }
}

template <class T>
void apply_mask(std::span<const T> input, std::span<const double> mask, std::span<T> masked) {
  const std::size_t channels = input.size() / mask.size();
  for (std::size_t i = 0; i < input.size(); ++i)
    masked[i] = static_cast<T>(static_cast<double>(input[i]) * mask[i / channels]);
}

template void apply_mask(std::span<const float>, std::span<const double>, std::span<float>);
template void apply_mask(std::span<const double>, std::span<const double>, std::span<double>);

}  // namespace salient::methods::detail
