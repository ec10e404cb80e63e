// SPDX-License-Identifier: MIT
#pragma once

namespace salient::kernel {

enum class side { plain, transposed };

/// Of a product: a is M x K and c is M x N.
struct product_size {
  long m, n, k;
};

/// c = a b, or c = a b^T. All layers with weights share this product, so that Eigen's contraction, which
/// takes nvcc a minute to compile, is instantiated once for each device and scalar.
template <class D, class T>
void multiply(const D&, const product_size&,
              const T* a,  // (M, K)
              const T* b,  // (K, N), or (N, K) when transposed
              side b_is,
              T* c);  // (M, N), overwritten

}  // namespace salient::kernel
