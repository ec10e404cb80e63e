// SPDX-License-Identifier: MIT
#pragma once

namespace salient::kernel {

enum class side { plain, transposed };

/// c = a b, or a b^T: the one product that every layer with weights is made of, so that Eigen's contraction,
/// which costs nvcc a minute, is instantiated once for each device and scalar.
template <class D, class T>
void multiply(const D&, long m, long n, long k,
              const T* a,  // (M, K)
              const T* b,  // (K, N), or (N, K) when transposed
              side b_is,
              T* c);  // (M, N), overwritten

}  // namespace salient::kernel
