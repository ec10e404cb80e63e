// SPDX-License-Identifier: MIT
#include "salient/method/rise.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/refuse.hpp"
#include "core/resampler.hpp"
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

struct random_masks::workspace {
  size image, cell;
  double kept;
  std::uint64_t seed;
  size large;  // of the enlarged grid
  resampler enlarge;
  std::vector<double> grid, enlarged;
};

random_masks::random_masks(size image, int cells, double kept, std::uint64_t seed) {
  const size cell(along(image.height, cells), along(image.width, cells));
  const size large((cells + 1) * cell.height, (cells + 1) * cell.width);
  const auto count = [](size s) {
    return static_cast<std::size_t>(s.height) * static_cast<std::size_t>(s.width);
  };
  own_.reset(new workspace{image, cell, kept, seed, large, resampler(cells, large),
                           std::vector<double>(count(cells)), std::vector<double>(count(large))});
}

random_masks::~random_masks() = default;

void random_masks::draw(int sample, std::span<double> mask) {
  auto& [image, cell, kept, seed, large, enlarge, grid, enlarged] = *own_;
  const random_numbers numbers{.seed = seed,
                               .use = random_use::mask,
                               .image = 0,  // every image has the same masks
                               .sample = static_cast<std::uint32_t>(sample)};
  numbers.uniforms(grid);
  for (double& v : grid) v = v < kept ? 1 : 0;
  const auto offset = [&, elements = grid.size()](std::uint64_t element, int below) {
    return static_cast<int>(numbers.uniform(elements + element) * below);
  };
  const int top = offset(0, cell.height), left = offset(1, cell.width);
  enlarge(std::span<const double>(grid), 1, std::span(enlarged));
  for (int y = 0; y < image.height; ++y) {
    const double* const row = &enlarged[static_cast<std::size_t>((top + y) * large.width + left)];
    std::copy_n(row, image.width, mask.begin() + static_cast<std::ptrdiff_t>(y) * image.width);
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
