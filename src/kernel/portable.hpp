// SPDX-License-Identifier: MIT
#pragma once

// What kernels need to run on any device: the list of devices, and two ways to spread work. Only this file
// knows how a device executes; kernels need no `#if`. The C++ compiler compiles every kernel and, with CUDA,
// nvcc compiles it again for the GPU.

#include <algorithm>
#include <type_traits>

#include "device/flush_denormals.hpp"
#include "kernel/share.hpp"
#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"

#if defined(__CUDACC__)
#define SALIENT_HD __host__ __device__
#else
#define SALIENT_HD
#endif
// clang-format off
#include "kernel/divider.hpp"  // these need SALIENT_HD
#include "kernel/sum.hpp"
// clang-format on

/// Instantiates the macro KERNELS(device, scalar) for every device and scalar of this compilation.
#if defined(__CUDACC__)
#include "kernel/on_gpu.hpp"
#define SALIENT_INSTANTIATE(KERNELS) KERNELS(gpu, float)
#elif defined(SALIENT_ONE_THREAD)
// For a page in a browser, which is compiled for its own programs alone.
#define SALIENT_INSTANTIATE(KERNELS) KERNELS(cpu, float)
#else
#define SALIENT_ON_CPU(KERNELS) \
  KERNELS(cpu, float)           \
  KERNELS(cpu, double)          \
  KERNELS(cpu_pool, float)      \
  KERNELS(cpu_pool, double)
#if defined(SALIENT_WITH_CUDA)
#define SALIENT_INSTANTIATE(KERNELS) SALIENT_ON_CPU(KERNELS)
#else
// So that programs that name `gpu` link. Without CUDA no object of the class can exist.
#define SALIENT_INSTANTIATE(KERNELS) SALIENT_ON_CPU(KERNELS) KERNELS(gpu, float)
#endif
#endif

namespace salient::kernel {

/// Whether the device has direct kernels (direct/direct.hpp) besides Eigen's.
template <class D, class T>
inline constexpr bool has_direct = false;
template <>
inline constexpr bool has_direct<cpu, float> = true;
template <>
inline constexpr bool has_direct<cpu_pool, float> = true;

/// Whether a kernel has a thread for each result, as on a GPU, and threads can work together: on_gpu.hpp.
#if defined(__CUDACC__)
template <class D>
inline constexpr bool has_threads = std::is_same_v<D, gpu>;
#else
template <class D>
inline constexpr bool has_threads = false;
#endif

/// Elementary operations below which a second thread does not pay: starting it takes about ten microseconds.
inline constexpr double least_work = 20'000;

/// Cost of vectorised work in the elementary operations that `workers` counts.
inline double elementwise(long elements) { return static_cast<double>(elements) / 4; }
inline double vectorised(double multiply_adds) { return multiply_adds / 2; }

/// Number of threads for this amount of work.
inline int workers(const cpu&, double) { return 1; }
inline int workers(const cpu_pool& pool, double work) {
  return static_cast<int>(std::clamp(work / least_work, 1.0, static_cast<double>(pool.threads())));
}

/// Calls body(share) for each of `parts` parts, in parallel where the device has threads.
template <class F>
void run_parts(const cpu&, int parts, const F& body) {
  const flush_denormals mode;  // as the threads of a pool do
  for (int i = 0; i < parts; ++i) body(share{i, parts});
}
template <class F>
void run_parts(const cpu_pool& pool, int parts, const F& body) {
  if (parts <= 1) return run_parts(cpu{}, parts, body);
  struct {
    int parts;
    const F& body;
  } work{parts, body};
  pool.run(
      parts,
      [](void* context, int i) {
        const auto& w = *static_cast<decltype(work)*>(context);
        w.body(share{i, w.parts});
      },
      &work);
}

/// The same, with the number of parts chosen by the amount of work.
template <class D, class F>
void share_out(const D& device, double work, const F& body) {
  run_parts(device, workers(device, work), body);
}

/// Splits [0, count) into one range for each worker and calls body(first, last) on each.
/// `cost` is the number of elementary operations of one item.
template <class D, class F>
void slices(const D& device, long count, double cost, const F& body) {
  if (count <= 0) return;
  const int most = workers(device, static_cast<double>(count) * cost);
  run_parts(device, static_cast<int>(std::min<long>(count, most)),
            [&](share s) { body(s.first(count), s.last(count)); });
}

/// Ranges are as long as a grid can be; the GPU spreads the enqueued work itself. `body` runs on the host.
/// GCOV_EXCL_START: only where there is a GPU
template <class F>
void slices(const gpu&, long count, double, const F& body) {
  constexpr long reach = 65'535L * 64;  // most blocks in a grid, times the rows per block in Eigen's products
  for (long first = 0; first < count; first += reach) body(first, std::min(first + reach, count));
}
// GCOV_EXCL_STOP

/// Calls item(i) for every i in [0, count).
template <class D, class F>
void for_each(const D& device, long count, double cost, const F& item) {
  slices(device, count, cost, [&](long first, long last) {
    for (long i = first; i < last; ++i) item(i);
  });
}

}  // namespace salient::kernel
