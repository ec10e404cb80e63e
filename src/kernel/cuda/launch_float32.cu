// SPDX-License-Identifier: MIT
#include "kernel/cuda/launch.hpp"

namespace salient::kernel::cuda {

void launch_float32(const gpu& device, const product_problem& p, tiling tile, bool vectors,
                    const grid_size& grid) {
  if (!vectors) {
    switch (tile) {
      case tiling::flat:
        return launch<float32_results, tiling::flat, 1>(device, p, grid);
      case tiling::narrow:
        return launch<float32_results, tiling::narrow, 1>(device, p, grid);
      default:
        return launch<float32_results, tiling::tall, 1>(device, p, grid);
    }
  }
  switch (tile) {
    case tiling::large:
      return launch<float32_results, tiling::large, 4>(device, p, grid);
    case tiling::tall:
      return launch<float32_results, tiling::tall, 4>(device, p, grid);
    case tiling::square:
      return launch<float32_results, tiling::square, 4>(device, p, grid);
    case tiling::flat:
      return launch<float32_results, tiling::flat, 4>(device, p, grid);
    case tiling::narrow:
      return launch<float32_results, tiling::narrow, 4>(device, p, grid);
  }
}

}  // namespace salient::kernel::cuda
