// SPDX-License-Identifier: MIT

// The transforms of Winograd's convolution F(4x4, 3x3). Highway includes this once for each instruction set.

#if defined(SALIENT_KERNEL_DIRECT_WINOGRAD_TRANSFORM) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_WINOGRAD_TRANSFORM
#undef SALIENT_KERNEL_DIRECT_WINOGRAD_TRANSFORM
#else
#define SALIENT_KERNEL_DIRECT_WINOGRAD_TRANSFORM
#endif

#include "kernel/direct/epilogue.hpp"

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

/// The number type of the transforms.
using numbers = lanes_of<vector_tag>;

#define SALIENT_FUNCTION HWY_INLINE
#include "kernel/winograd_formulas.hpp"
#undef SALIENT_FUNCTION

/// Transforms an N x N matrix of vectors along both axes: store(i, j, value) for each of the M x M results.
template <int N, int M, class Transform, class Load, class Store>
HWY_INLINE void transform_both(const Transform& transform, const Load& load, const Store& store) {
  numbers half[N][M];
  HWY_UNROLL(6)
  for (int j = 0; j < N; ++j) {
    numbers column[N];
    HWY_UNROLL(6)
    for (int i = 0; i < N; ++i) column[i] = {vector_tag(), load(i, j)};
    transform(column, half[j]);
  }
  HWY_UNROLL(6)
  for (int i = 0; i < M; ++i) {
    numbers row[N], result[M];
    HWY_UNROLL(6)
    for (int j = 0; j < N; ++j) row[j] = half[j][i];
    transform(row, result);
    HWY_UNROLL(6)
    for (int j = 0; j < M; ++j) store(i, j, result[j].v);
  }
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
