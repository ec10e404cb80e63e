// SPDX-License-Identifier: MIT
#include "kernel/cuda/launch.hpp"

namespace salient::kernel::cuda {
namespace {

template <tiling Tile>
void by_vectors(const gpu& device, const product_problem& p, const grid_size& grid) {
  if (p.adjoint)
    launch<float32_results<Tile, true>, 4, 4>(device, p, grid);
  else
    launch<float32_results<Tile, false>, 4, 4>(device, p, grid);
}

template <tiling Tile>
void by_numbers(const gpu& device, const product_problem& p, const copied_together& floats,
                const grid_size& grid) {
  if (!p.adjoint)
    launch<float32_results<Tile, false>, 1, 1>(device, p, grid);
  else if (floats.left == 4)
    launch<float32_results<Tile, true>, 4, 1>(device, p, grid);
  else
    launch<float32_results<Tile, true>, 1, 1>(device, p, grid);
}

}  // namespace

void launch_float32(const gpu& device, const product_problem& p, tiling tile, copied_together floats,
                    const grid_size& grid) {
  if (floats.left < 4 || floats.right < 4) {
    switch (tile) {
      case tiling::flat:
        return by_numbers<tiling::flat>(device, p, floats, grid);
      case tiling::narrow:
        return by_numbers<tiling::narrow>(device, p, floats, grid);
      default:
        return by_numbers<tiling::tall>(device, p, floats, grid);
    }
  }
  switch (tile) {
    case tiling::square:
      return by_vectors<tiling::square>(device, p, grid);
    case tiling::flat:
      return by_vectors<tiling::flat>(device, p, grid);
    case tiling::narrow:
      return by_vectors<tiling::narrow>(device, p, grid);
    default:
      return by_vectors<tiling::tall>(device, p, grid);
  }
}

}  // namespace salient::kernel::cuda
