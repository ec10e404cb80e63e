// SPDX-License-Identifier: MIT
#include "kernel/multiply.hpp"

#include "kernel/cuda/product.hpp"
#include "kernel/eigen.hpp"

namespace salient::kernel {
namespace {

template <class T>
using matrix = Eigen::TensorMap<Eigen::Tensor<T, 2, Eigen::RowMajor, long>>;

}  // namespace

template <class D, class T>
void multiply(const D& d, const product_size& size, const T* a, const T* b, side b_is, T* c) {
  const long m = size.m, n = size.n, k = size.k;
  if constexpr (has_threads<D>)
    if (d.kernels() != implementation::eigen) {
      const int columns = static_cast<int>(n), depth = static_cast<int>(k);
      const view<const T> left(a, m, {1, 1, depth});
      const view<T> to(c, m, {1, 1, columns});
      const conv_weights<T> right{.weight = b};
      return cuda::enqueue_product(
          d, b_is == side::transposed
                 ? cuda::forward_product({.channels = depth, .filters = columns}, left, right, {}, to)
                 : cuda::adjoint_product({.channels = columns, .filters = depth}, left, right, {}, to));
    }
  const Eigen::array<Eigen::IndexPair<long>, 1> along{{{1, b_is == side::plain ? 0 : 1}}};
  const matrix<const T> right(b, b_is == side::plain ? k : n, b_is == side::plain ? n : k);
  slices(d, m, 2.0 * static_cast<double>(n * k), [&](long first, long last) {
    const matrix<const T> left(a + first * k, last - first, k);
    const auto product = left.contract(right, along);
    // The same as Eigen's executor, which accepts Eigen's own devices only: the contraction writes straight
    // to the destination.
    on_contracting_eigen(d, [&]<class Device>(const Device& device) {
      Eigen::TensorEvaluator<decltype(product), Device> evaluator(product, device);
      evaluator.evalSubExprsIfNeeded(c + first * n);
      evaluator.cleanup();
    });
  });
}

#define KERNELS(D, T) template void multiply(const D&, const product_size&, const T*, const T*, side, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
