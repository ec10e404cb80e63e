// SPDX-License-Identifier: MIT
// label: cuda
// label: unsanitized

// Kernels on a GPU, with every epilogue, against the CPU's. The tests' arrays lie in host memory that the GPU
// reads and writes in place, so that the same tests run on the host: host_threads.test.cpp.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cuda_runtime_api.h>
#include <mutex>
#include <new>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/alike.hpp"
#include "laws/devices.hpp"
#include "salient/device/buffer.hpp"
#include "salient/device/gpu.hpp"
#include "salient/device/memory.hpp"

namespace salient::kernel {
namespace {

/// Page-locked memory, from which all of the program's objects come while it is `open`.
class shared_memory {
 public:
  void open() {
    if (!first_) {
      void* all = nullptr;
      ASSERT_EQ(cudaHostAlloc(&all, size, cudaHostAllocMapped | cudaHostAllocPortable), cudaSuccess);
      first_ = next_ = static_cast<std::byte*>(all);
    }
    open_ = true;
  }
  void close() { open_ = false; }

  void* take(std::size_t bytes) {
    const std::lock_guard guard(lock_);
    if (!open_) return std::malloc(bytes);
    int power = 6;
    while (std::size_t{1} << power < bytes) ++power;
    if (free_block*& free = free_[power]) {
      void* const block = free;
      free = free->next;
      return block;
    }
    const std::size_t whole = header + (std::size_t{1} << power);
    if (whole > static_cast<std::size_t>(first_ + size - next_)) return nullptr;
    std::byte* const block = next_ + header;
    *reinterpret_cast<int*>(next_) = power;
    next_ += whole;
    return block;
  }
  void give(void* block) noexcept {
    const std::lock_guard guard(lock_);
    auto* const at = static_cast<std::byte*>(block);
    if (!first_ || at < first_ || at >= first_ + size) return std::free(block);
    free_block*& free = free_[*reinterpret_cast<int*>(at - header)];
    free = new (block) free_block{free};
  }

 private:
  static constexpr std::size_t size = 256 << 20, header = 64;  // blocks begin at whole cache lines
  struct free_block {
    free_block* next;
  };
  std::mutex lock_;
  std::byte *first_ = nullptr, *next_ = nullptr;
  bool open_ = false;
  free_block* free_[40] = {};  ///< by the power of 2 that is the size
};

constinit shared_memory memory;

}  // namespace
}  // namespace salient::kernel

void* operator new(std::size_t bytes) {
  if (void* const block = salient::kernel::memory.take(bytes)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { salient::kernel::memory.give(block); }
void operator delete(void* block, std::size_t) noexcept { salient::kernel::memory.give(block); }

namespace salient::kernel {
namespace {

template <class F>
void in_shared_memory(const F& check) {
  memory.open();
  check(*laws::tested_gpu());
  memory.close();
}

TEST_ON_GPU(gpu_kernels, write_results_and_masks) {
  in_shared_memory([](const gpu& card) { alike::write_results_and_masks(card); });
}
TEST_ON_GPU(gpu_kernels, pool) {
  in_shared_memory([](const gpu& card) { alike::pool(card); });
}
TEST_ON_GPU(gpu_kernels, convolve_depthwise) {
  in_shared_memory([](const gpu& card) { alike::convolve_depthwise(card); });
}
TEST_ON_GPU(gpu_kernels, sum_over_positions) {
  in_shared_memory([](const gpu& card) { alike::sum_over_positions(card); });
}
TEST_ON_GPU(gpu_kernels, sum_a_large_map) {
  in_shared_memory([](const gpu& card) { alike::sum_a_large_map(card); });
}
TEST_ON_GPU(gpu_kernels, normalise_rows) {
  in_shared_memory([](const gpu& card) { alike::normalise_rows(card); });
}
TEST_ON_GPU(gpu_kernels, move_channels) {
  in_shared_memory([](const gpu& card) { alike::move_channels(card); });
}
TEST_ON_GPU(gpu_kernels, meet_the_first_bend) {
  in_shared_memory([](const gpu& card) { alike::meet_the_first_bend(card); });
}
TEST_ON_GPU(gpu_kernels, walk_lines_and_add_up_rows) {
  in_shared_memory([](const gpu& card) { alike::walk_lines_and_add_up_rows(card); });
}

/// Groups of 4 channels share bytes of the mask, so that their sums are kept apart first: those of three
/// groups of this image at a time. Two launches then write bits of the second byte.
TEST_ON_GPU(gpu_kernels, convolve_groups_of_an_image_that_exceed_the_partial_sums) {
  const gpu& card = *laws::tested_gpu();
  const conv_problem p{{.width = 3, .left = 1, .right = 1}, 10, 20, 5};
  const shape in{800, 800, p.channels}, out{800, 800, p.filters};
  const auto x = alike::eighths(in.elements(), 1), weight = alike::eighths(p.weights(), 2),
             bias = alike::eighths(p.filters, 3);
  const auto on_card = [&](const std::vector<float>& values) {
    buffer<float, gpu> there(card, values.size());
    there.upload(values);
    return there;
  };
  const buffer<float, gpu> x_there = on_card(x), weight_there = on_card(weight), bias_there = on_card(bias);
  std::vector<float> y(static_cast<std::size_t>(out.elements()));
  std::vector<std::uint8_t> mask(static_cast<std::size_t>(mask_bytes(out)));
  buffer<float, gpu> y_there(card, y.size());
  buffer<std::uint8_t, gpu> mask_there(card, mask.size());
  epilogue<float> after;
  after.activate.f = function::relu;
  after.activate.mask = mask_there.data();
  conv_weights<float> w;
  w.weight = weight_there.data();
  w.bias = bias_there.data();
  conv<gpu, float>(card, p, view<const float>(x_there.data(), 1, in), w, after,
                   view<float>(y_there.data(), 1, out), nullptr);
  y_there.download(y);
  mask_there.download(mask);
  const int each = p.filters / p.groups;
  for (int row = 0; row < out.height; ++row)
    for (int column = 0; column < out.width; ++column)
      for (int filter = 0; filter < p.filters; ++filter) {
        float sum = bias[static_cast<std::size_t>(filter)];
        for (int tap = 0; tap < 3; ++tap) {
          const int from = column + tap - 1;
          if (from < 0 || from >= in.width) continue;
          for (int k = 0; k < p.depth(); ++k)
            sum += x[static_cast<std::size_t>((row * in.width + from) * in.channels +
                                              filter / each * p.depth() + k)] *
                   weight[static_cast<std::size_t>((filter * 3 + tap) * p.depth() + k)];
        }
        const int position = row * out.width + column;
        ASSERT_EQ(y[static_cast<std::size_t>(position * out.channels + filter)], sum > 0 ? sum : 0)
            << position << ' ' << filter;
        ASSERT_EQ(bit(mask, position, out.channels, filter), sum > 0) << position << ' ' << filter;
      }
}

}  // namespace
}  // namespace salient::kernel
