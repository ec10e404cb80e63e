// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"
#include "salient/device/implementation.hpp"

namespace salient {

/// One of the machine's NVIDIA GPUs with a stream of its own. Computes in float32 only.
///
/// Kernels and copies to the GPU are enqueued on the stream and run in order; copies go through page-locked
/// memory. Copying to the host and `synchronise` wait for them, and throw their errors at the latest. Several
/// objects, on one GPU or several, run concurrently. Several threads may share one object.
///
/// Released memory is cached for later buffers and freed when the object is destroyed. Scratch for products
/// belongs to the object: 32 MiB from the start, and 168 MiB more from the first layer on that goes through
/// Winograd's algorithm.
///
/// The same passes, batch sizes, kind of GPU and build of the library give the same bits: every kernel sums
/// in a fixed order. Another batch size, another kind of GPU or a CPU may sum in another order; results then
/// differ by rounding.
///
/// Without CUDA the class exists and can be named, but its constructor throws.
class SALIENT_EXPORT gpu {
 public:
  static constexpr std::string_view name = "gpu";

  /// The GPU with this CUDA device number: fastest first, only those in CUDA_VISIBLE_DEVICES. Throws
  /// salient::error if there is no such GPU, no driver, or no CUDA in this build of the library; also for a
  /// precision that this GPU does not have.
  explicit gpu(int number = 0, precision = precision::float32, implementation = implementation::fastest);
  /// GPU 0 with these kernels.
  explicit gpu(implementation kernels) : gpu(0, precision::float32, kernels) {}
  ~gpu();
  gpu(gpu&&) noexcept;
  gpu& operator=(gpu&&) noexcept;

  int number() const;
  /// NVIDIA's product name: "NVIDIA H100 80GB HBM3".
  std::string product() const;
  precision arithmetic() const;
  implementation kernels() const;

  struct state;  ///< the CUDA state, for code that enqueues work on the device
  state& handle() const { return *state_; }

 private:
  std::unique_ptr<state> state_;
};

}  // namespace salient
