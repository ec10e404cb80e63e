// SPDX-License-Identifier: MIT
#include "kernel/cuda/launch.hpp"

namespace salient::kernel::cuda {

void launch_tf32(const gpu& device, const product_problem& p, tiling tile, const grid_size& grid) {
  switch (tile) {
    case tiling::large:
      return launch<tensor_results, tiling::large, 4>(device, p, grid);
    case tiling::square:
      return launch<tensor_results, tiling::square, 4>(device, p, grid);
    default:
      return launch<tensor_results, tiling::tall, 4>(device, p, grid);
  }
}

}  // namespace salient::kernel::cuda
