// SPDX-License-Identifier: MIT
#include "kernel/cuda/launch.hpp"

namespace salient::kernel::cuda {
namespace {

template <tiling Tile>
void by_tensor_cores(const gpu& device, const product_problem& p, const grid_size& grid) {
  if (p.adjoint)
    launch<tensor_results<Tile, true>, 4, 4>(device, p, grid);
  else
    launch<tensor_results<Tile, false>, 4, 4>(device, p, grid);
}

}  // namespace

void launch_tf32(const gpu& device, const product_problem& p, tiling tile, const grid_size& grid) {
  switch (tile) {
    case tiling::large:
      return by_tensor_cores<tiling::large>(device, p, grid);
    case tiling::square:
      return by_tensor_cores<tiling::square>(device, p, grid);
    default:
      return by_tensor_cores<tiling::tall>(device, p, grid);
  }
}

}  // namespace salient::kernel::cuda
