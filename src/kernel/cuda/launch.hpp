// SPDX-License-Identifier: MIT
#pragma once

// Starts the kernel of products with the tiles that were chosen. Compiled by nvcc only.

#include "kernel/cuda/results.hpp"

namespace salient::kernel::cuda {

/// How many blocks there are along each axis of the grid.
struct grid_size {
  unsigned rows, columns, parts;
};

template <template <tiling, bool> class Results, tiling Tile, bool Adjoint, int Vector>
void launch(const gpu& device, const product_problem& p, const grid_size& grid) {
  constexpr auto kernel = product<Results, Tile, Adjoint, Vector>;
  constexpr std::size_t bytes = block_layout<Tile, Adjoint>::bytes;
  enqueue(device, [&](const gpu::state& s) {
    if constexpr (bytes > 48 * 1024)  // beyond this a kernel must ask for it
      check_cuda(s.number, "giving a kernel shared memory",
                 cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
    kernel<<<dim3(grid.rows, grid.columns, grid.parts), shape_of(Tile).threads(), bytes, s.stream>>>(p);
  });
}

template <template <tiling, bool> class Results, tiling Tile, int Vector>
void launch(const gpu& device, const product_problem& p, const grid_size& grid) {
  if (p.adjoint)
    launch<Results, Tile, true, Vector>(device, p, grid);
  else
    launch<Results, Tile, false, Vector>(device, p, grid);
}

/// In float32, and by tensor cores, which have no flat and narrow tiles and read vectors only.
void launch_float32(const gpu&, const product_problem&, tiling, bool vectors, const grid_size&);
void launch_tf32(const gpu&, const product_problem&, tiling, const grid_size&);

}  // namespace salient::kernel::cuda
