// SPDX-License-Identifier: MIT
#pragma once

// What a kernel's source needs to run on any device: the list of devices, and the two ways to spread work.
// The only file that knows how a device executes; kernels include it and write no `#if`. Every kernel's
// source is compiled by the C++ compiler and, where the library has CUDA, once more by nvcc for the GPU
// alone.

#include <algorithm>
#include <type_traits>

#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"

/// Instantiates KERNELS(device, scalar), a macro, for everything this file is compiled for.
#if defined(__CUDACC__)
#include "kernel/on_gpu.hpp"
#define SALIENT_INSTANTIATE(KERNELS) KERNELS(gpu, float)
#define SALIENT_HD __host__ __device__
#else
#define SALIENT_ON_CPU(KERNELS) \
  KERNELS(cpu, float)           \
  KERNELS(cpu, double)          \
  KERNELS(cpu_pool, float)      \
  KERNELS(cpu_pool, double)
#if defined(SALIENT_WITH_CUDA)
#define SALIENT_INSTANTIATE(KERNELS) SALIENT_ON_CPU(KERNELS)
#else
// So that programs that name `gpu` link. None runs one: without CUDA, there is no object of the class.
#define SALIENT_INSTANTIATE(KERNELS) SALIENT_ON_CPU(KERNELS) KERNELS(gpu, float)
#endif
#define SALIENT_HD
#endif

namespace salient::kernel {

/// Work below this many elementary operations is not worth a second thread (it costs some ten microseconds).
inline constexpr double least_work = 20'000;

/// Splits [0, count) into one range for each worker and calls body(first, last) on each.
/// `cost` is the number of elementary operations of one item.
template <class F>
void slices(const cpu&, long count, double, const F& body) {
  if (count > 0) body(0L, count);
}

template <class F>
void slices(const cpu_pool& pool, long count, double cost, const F& body) {
  const double useful = static_cast<double>(count) * cost / least_work;
  const long parts =
      std::min({count, static_cast<long>(pool.threads()), static_cast<long>(std::max(useful, 1.0))});
  if (parts <= 1) return slices(cpu{}, count, cost, body);
  struct {
    long count, parts;
    const F& body;
  } work{count, parts, body};
  pool.run(
      static_cast<int>(parts),
      [](void* context, int i) {
        const auto& w = *static_cast<decltype(work)*>(context);
        w.body(w.count * i / w.parts, w.count * (i + 1) / w.parts);
      },
      &work);
}

/// The GPU spreads what a range enqueues by itself: ranges are as long as its grids reach. `body` runs on the
/// host.
template <class F>
void slices(const gpu&, long count, double, const F& body) {
  constexpr long reach = 65'535L * 64;  // rows of blocks in a grid, times rows that Eigen's products give one
  for (long first = 0; first < count; first += reach) body(first, std::min(first + reach, count));
}

/// Calls item(i) for every i in [0, count).
template <class D, class F>
void for_each(const D& device, long count, double cost, const F& item) {
  slices(device, count, cost, [&](long first, long last) {
    for (long i = first; i < last; ++i) item(i);
  });
}

}  // namespace salient::kernel
