// SPDX-License-Identifier: MIT
#include "kernel/multiply.hpp"

#include "kernel/expression.hpp"

namespace salient::kernel {
namespace {

/// Memory for the blocks that a contraction packs: one a thread, kept between calls, grown when too small.
class packing_memory {
 public:
  ~packing_memory() { Eigen::internal::aligned_free(block_); }

  void* take(std::size_t bytes) {
    if (taken_) return Eigen::internal::aligned_malloc(bytes);
    if (bytes > size_) {
      Eigen::internal::aligned_free(block_);
      block_ = nullptr;
      size_ = 0;
      block_ = Eigen::internal::aligned_malloc(bytes);
      size_ = bytes;
    }
    taken_ = true;
    return block_;
  }
  void give_back(void* block) {
    if (block == block_)
      taken_ = false;
    else
      Eigen::internal::aligned_free(block);
  }

 private:
  void* block_ = nullptr;
  std::size_t size_ = 0;
  bool taken_ = false;
};

thread_local packing_memory packing;

/// Eigen::DefaultDevice, but for where contractions get their memory.
struct reusing_device : Eigen::DefaultDevice {
  void* allocate(std::size_t bytes) const { return packing.take(bytes); }
  void deallocate(void* block) const { packing.give_back(block); }
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
