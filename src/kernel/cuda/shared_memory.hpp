// SPDX-License-Identifier: MIT
#pragma once

// Copies from global to shared memory that go on while a block computes (cp.async), and products of tensor
// cores; compiled by nvcc only. GPUs before compute capability 8.0 have neither: they copy at once, and have
// no TF32.

#include <cstdint>

namespace salient::kernel::cuda {

/// Starts to copy N floats, or zeros if not `inside`: then `from` is not read.
template <int N>
__device__ inline void start_copy(float* to, const float* from, bool inside) {
#if __CUDA_ARCH__ >= 800
  const auto at = static_cast<unsigned>(__cvta_generic_to_shared(to));
  const int bytes = inside ? 4 * N : 0;
  if constexpr (N == 4)  // past the first-level cache: blocks share operands through the second
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(at), "l"(from), "r"(bytes));
  else
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(at), "l"(from), "r"(bytes));
#else
  if constexpr (N == 4)
    *reinterpret_cast<float4*>(to) =
        inside ? *reinterpret_cast<const float4*>(from) : make_float4(0, 0, 0, 0);
  else
    *to = inside ? *from : 0;
#endif
}

/// Ends a group of copies.
__device__ inline void close_copies() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;");
#endif
}

/// Waits for this thread's copies but those of the last Open groups.
template <int Open>
__device__ inline void await_copies() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(Open));
#endif
}

/// scale * v as an operand of tensor cores, with 11 significant bits that are not smaller or larger on
/// average. Up to Hopper they cut the other bits off, which makes numbers 3.52e-4 of their size smaller on
/// average, as one multiplication undoes; rounding takes two instructions, for which products would wait.
/// What later ones do with those bits is not documented, so there is rounding. NaN and infinity stay.
__device__ inline std::uint32_t to_tf32(float v, float scale = 1) {
#if __CUDA_ARCH__ >= 1000
  std::uint32_t bits = 0;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(scale * v));
  return bits;
#else
  return __float_as_uint(v * (scale * (1 + 3.52e-4F)));
#endif
}

/// Four matrices of 8 rows x 4 floats from shared memory: lane l receives column l % 4 of row l / 4 of each.
/// `row`: of matrix l / 8, its row l % 8.
__device__ inline void load_matrices(std::uint32_t (&to)[4], const float* row) {
#if __CUDA_ARCH__ >= 800
  const auto at = static_cast<unsigned>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(at));
#endif
}

/// c += a b for a 16 x 8, b 8 x 8 and c 16 x 8, spread over a warp as PTX defines it for mma.m16n8k8.
__device__ inline void multiply_tile(float (&c)[4], const std::uint32_t (&a)[4],
                                     const std::uint32_t (&b)[2]) {
#if __CUDA_ARCH__ >= 800
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
      "{%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

}  // namespace salient::kernel::cuda
