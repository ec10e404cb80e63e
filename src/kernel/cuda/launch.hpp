// SPDX-License-Identifier: MIT
#pragma once

// Starts the kernel of products with the tiles that were chosen. Compiled by nvcc only.

#include "kernel/cuda/results.hpp"

namespace salient::kernel::cuda {

/// How many blocks there are along each axis of the grid.
struct grid_size {
  unsigned rows, columns, parts;
};

template <class Results, int Left, int Right>
void launch(const gpu& device, const product_problem& p, const grid_size& grid) {
  constexpr auto kernel = product<Results, Left, Right>;
  constexpr int bytes = static_cast<int>(Results::layout::memory.bytes());
  constexpr int threads = Results::layout::tile.threads();
  enqueue(device, [&](const gpu::state& s) {
    if constexpr (bytes > 48 * 1024)  // beyond this a kernel must ask for it
      check_cuda(s.number, "giving a kernel shared memory",
                 cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
    kernel<<<dim3(grid.rows, grid.columns, grid.parts), threads, bytes, s.stream()>>>(p);
  });
}

/// How many floats of each operand are copied at a time.
struct copied_together {
  int left, right;
};

/// In float32, and by tensor cores, which have no flat and narrow tiles and read vectors only.
void launch_float32(const gpu&, const product_problem&, tiling, copied_together, const grid_size&);
void launch_tf32(const gpu&, const product_problem&, tiling, const grid_size&);

/// Whether the product is one of a matrix of weights and at most four vectors. It then takes as long as the
/// weights take to be read, and has kernels of its own, in float32.
bool has_few_rows(const product_problem&);
void multiply_few_rows(const gpu&, const product_problem&, copied_together);

/// Whether the product is an input gradient of at most four channels, as at an image. Tiles would be almost
/// empty. In float32.
bool has_few_columns(const product_problem&, copied_together);
void multiply_few_columns(const gpu&, const product_problem&);

}  // namespace salient::kernel::cuda
