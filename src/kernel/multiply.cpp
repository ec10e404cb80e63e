// SPDX-License-Identifier: MIT
#include "kernel/multiply.hpp"

#include "device/thread_memory.hpp"
#include "kernel/expression.hpp"

namespace salient::kernel {
namespace {

/// Eigen::DefaultDevice, but for where contractions get the memory into which they pack blocks.
struct reusing_device : Eigen::DefaultDevice {
  void* allocate(std::size_t bytes) const { return borrow_thread_memory(bytes); }
  void deallocate(void* block) const { return_thread_memory(block); }
};

template <class T>
using matrix = Eigen::TensorMap<Eigen::Tensor<T, 2, Eigen::RowMajor, long>>;

}  // namespace

template <class D, class T>
void multiply(const D& d, long m, long n, long k, const T* a, const T* b, side b_is, T* c) {
  const Eigen::array<Eigen::IndexPair<long>, 1> along{{{1, b_is == side::plain ? 0 : 1}}};
  const matrix<const T> right(b, b_is == side::plain ? k : n, b_is == side::plain ? n : k);
  slices(d, m, 2.0 * static_cast<double>(n * k), [&](long first, long last) {
    const matrix<const T> left(a + first * k, last - first, k);
    const auto product = left.contract(right, along);
    // What Eigen's executor does, which takes Eigen's own devices only: a contraction writes straight to
    // memory that it is given.
    const reusing_device device;
    Eigen::TensorEvaluator<decltype(product), reusing_device> evaluator(product, device);
    evaluator.evalSubExprsIfNeeded(c + first * n);
    evaluator.cleanup();
  });
}

#define KERNELS(D, T) template void multiply(const D&, long, long, long, const T*, const T*, side, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
