// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "salient/device/cpu.hpp"
#include "salient/device/gpu.hpp"
#include "salient/explainer/options.hpp"
#include "salient/method/target.hpp"

namespace salient::explainer {

// The library takes devices as types. A program with a --device option instantiates its code for each and
// picks one at run time.

/// Names the kernels if they are not the default ones.
inline std::string describe(salient::implementation kernels) {
  return kernels == salient::implementation::eigen    ? ", Eigen's kernels"
         : kernels == salient::implementation::direct ? ", direct kernels"
                                                      : "";
}
/// `asked` tells cpu from a pool of one thread, which with_device makes of it.
inline std::string describe(device_kind asked, const salient::cpu_pool& pool) {
  if (asked == device_kind::cpu) return "cpu" + describe(pool.kernels());
  return "cpu_pool, " + std::to_string(pool.threads()) + (pool.threads() == 1 ? " thread" : " threads") +
         describe(pool.kernels());
}
inline std::string describe(device_kind, const salient::gpu& gpu) {
  return "gpu " + std::to_string(gpu.number()) + ", " + gpu.product() +
         (gpu.arithmetic() == salient::precision::tf32 ? ", TF32" : "") + describe(gpu.kernels());
}

/// Calls f(device) for the device that was chosen, which f may keep by moving it. Throws salient::error if
/// there is no such device.
template <class F>
auto with_device(const device_options& d, const F& f) {
  if (d.device == device_kind::gpu) {
    salient::gpu device(0, d.arithmetic, d.kernels);
#ifdef SALIENT_WITH_CUDA  // without CUDA the line above throws, and f(gpu) need not be compiled
    return f(std::move(device));
#endif
  }
  // A pool of one thread has no workers and computes what cpu does, so the body is not compiled for cpu too.
  const bool pool = d.device == device_kind::cpu_pool;
  return f(salient::cpu_pool(pool ? d.threads : 1, d.kernels));
}

}  // namespace salient::explainer
