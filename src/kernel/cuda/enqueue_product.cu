// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>

#include "kernel/cuda/launch.hpp"
#include "salient/core/error.hpp"

namespace salient::kernel::cuda {
namespace {

copied_together readable(const product_problem& p) {
  const bool left = p.depth % 4 == 0 && p.pitch % 4 == 0 && in_fours(p.source);
  const bool right = (p.adjoint ? p.filters : p.depth) % 4 == 0 && in_fours(p.weight);
  if (!p.adjoint) return left && right ? copied_together{4, 4} : copied_together{1, 1};
  return {left ? 4 : 1, left && right ? 4 : 1};
}

long blocks(long size, int tile) { return (size + tile - 1) / tile; }

/// Whether blocks can write the results themselves: a byte of the mask must not be shared by groups.
bool finishes(const product_problem& p) {
  return !p.after.activate.mask || p.groups == 1 || p.filters % 8 == 0;
}

/// Adds up the parts of each sum.
struct added_partials {
  const float *partials, *bias;
  long first, size;  ///< first position; sums of a part
  channel_range channels;
  int parts;

  bool in_fours() const {
    return channels.first % 4 == 0 && channels.count % 4 == 0 && kernel::in_fours(bias);
  }

  template <int N>
  SALIENT_HD several<float, N> results(long position, int c) const {
    const float* const from = partials + (position - first) * channels.count + c - channels.first;
    auto sum = load<N>(from);
    for (int part = 1; part < parts; ++part) {
      const auto more = load<N>(from + part * size);
      for (int j = 0; j < N; ++j) sum[j] += more[j];
    }
    if (!bias) return sum;
    const auto constant = load<N>(bias + c);
    for (int j = 0; j < N; ++j) sum[j] += constant[j];
    return sum;
  }
};

/// The results are of these groups, summed in parts.
void add_partials(const gpu& device, const product_problem& p, const group_range& groups, int parts) {
  const channel_range channels{groups.first * p.filters, groups.count * p.filters};
  const long each = p.y.extent.positions(), first = p.first_image * each, last = first + p.batch * each;
  write_results(device, p.y, p.after, {first, last, channels}, 1,
                added_partials{p.partials, p.bias, first, (last - first) * channels.count, channels, parts});
}

/// The product that computes the partial sums of these groups.
product_problem sums_of(product_problem p, const group_range& groups) {
  p.source += groups.first * p.depth;
  p.weight += static_cast<long>(groups.first) * p.filters * p.y_axis.taps * p.x_axis.taps * p.depth;
  if (p.scale) p.scale += groups.first * p.depth;
  p.y = p.y.channels(groups.first * p.filters, groups.count * p.filters);
  p.groups = groups.count;
  return p;
}

/// The product for some images of the batch and some groups: all, unless blocks cannot finish.
void enqueue_some(const gpu& device, const product_problem& p, const group_range& groups) {
  if (has_few_columns(p, readable(p))) return multiply_few_columns(device, p);
  enqueue_tiles(device, p, groups, choose_tiling(extent_of(device, p, groups), multiprocessors_of(device)));
}

/// How many groups of an image fit the partial sums.
int groups_at_once(const product_problem& p) {
  const long each = p.y.extent.positions() * p.filters, fit = product_scratch::partial_sums / each;
  if (fit == 0)
    throw error("a convolution on a GPU with " + std::to_string(p.groups) + " groups of " +
                std::to_string(p.filters) + " channels, before an activation: the " +
                std::to_string(p.y.extent.height) + " x " + std::to_string(p.y.extent.width) +
                " results of a group are more than the " + std::to_string(product_scratch::partial_sums) +
                " that there is memory for; use smaller images, or groups of a multiple of 8 channels");
  return static_cast<int>(std::min(fit, static_cast<long>(p.groups)));
}

/// The product for some images of the batch.
void enqueue_images(const gpu& device, const product_problem& p) {
  const int at_once = finishes(p) ? p.groups : groups_at_once(p);
  for (int first = 0; first < p.groups; first += at_once)
    enqueue_some(device, p, {first, std::min(at_once, p.groups - first)});
}

}  // namespace

multiprocessors multiprocessors_of(const gpu& device) {
  const cudaDeviceProp& card = device.handle().properties;
  return {card.multiProcessorCount, static_cast<long>(card.sharedMemPerMultiprocessor),
          static_cast<long>(card.sharedMemPerBlockOptin), product_scratch::partial_sums};
}

product_extent extent_of(const gpu& device, const product_problem& p, const group_range& groups) {
  const axis_phase y = p.y_axis.phase(0), x = p.x_axis.phase(0);
  long taps_y = 0, taps_x = 0;
  for (int i = 0; i < p.y_axis.phases(); ++i) taps_y = std::max<long>(taps_y, p.y_axis.phase(i).taps);
  for (int i = 0; i < p.x_axis.phases(); ++i) taps_x = std::max<long>(taps_x, p.x_axis.phase(i).taps);
  const bool vectors = readable(p).right == 4;
  return {.rows = static_cast<long>(p.batch) * y.count * x.count,
          .columns = p.filters,
          .depth = taps_y * taps_x * p.depth,
          .copies = static_cast<long>(groups.count) * p.phases(),
          .adjoint = p.adjoint,
          .vectors = vectors,
          .tensor_cores = vectors && device.arithmetic() == precision::tf32};
}

void enqueue_tiles(const gpu& device, product_problem p, const group_range& groups,
                   const tiling_choice& choice) {
  gpu::state& state = device.handle();
  const copied_together floats = readable(p);
  p.in_fours = p.filters % 4 == 0 && in_fours(p.writer()) && in_fours(p.bias);
  p.steps = choice.steps;
  const tile_shape tile = shape_of(choice.tile);
  const grid_size grid{static_cast<unsigned>(blocks(extent_of(device, p, groups).rows, tile.rows)),
                       static_cast<unsigned>(blocks(p.filters, tile.columns) * groups.count),
                       static_cast<unsigned>(p.phases() * choice.splits)};
  std::unique_lock<std::recursive_mutex> alone;
  if (choice.splits > 1 || !finishes(p)) {
    p.partials = state.scratch->partials();
    alone = state.scratch->lock();
  }
  const product_problem launched = p.partials ? sums_of(p, groups) : p;
  if (choice.tensor_cores)
    launch_tf32(device, launched, choice.tile, grid);
  else
    launch_float32(device, launched, choice.tile, floats, grid);
  if (p.partials) add_partials(device, p, groups, choice.splits);
}

void enqueue_product(const gpu& device, product_problem p) {
  if (has_few_rows(p)) return multiply_few_rows(device, p, readable(p));
  const long positions = p.y.extent.positions(), most_rows = 1L << 30;
  long at_once = most_rows / positions;
  if (!finishes(p)) at_once = std::min(at_once, product_scratch::partial_sums / p.y.extent.elements());
  at_once = std::clamp(at_once, 1L, static_cast<long>(p.batch));
  const int images = p.batch;
  for (int first = 0; first < images; first += static_cast<int>(at_once)) {
    p.first_image = first;
    p.batch = static_cast<int>(std::min(at_once, static_cast<long>(images) - first));
    enqueue_images(device, p);
  }
}

}  // namespace salient::kernel::cuda
