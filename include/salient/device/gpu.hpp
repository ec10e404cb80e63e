// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "salient/core/standard_library.hpp"

namespace salient {

/// One of the machine's NVIDIA GPUs, and a stream of work on it. Passes are in float32 alone.
///
/// Kernels are enqueued on the stream, one after the other; copying to the host waits for them, `synchronise`
/// too. What failed meanwhile is thrown there at the latest. Several objects, on one GPU or on several, work
/// beside each other. Several threads may use one object.
///
/// Memory that buffers release is kept for the next buffers, and given back when the object ends.
///
/// The same passes on the same kind of GPU, with the same library, batch sizes included, give the same bits:
/// no kernel adds up in an order that changes. Another batch size, another kind of GPU or a CPU may sum a
/// product in another order, and their results differ by rounding.
///
/// A library that was built without CUDA has this class too; it can be named everywhere, but not constructed.
class gpu {
 public:
  static constexpr std::string_view name = "gpu";

  /// Of this number, as CUDA counts them: the fastest first, and only those in CUDA_VISIBLE_DEVICES.
  /// Throws salient::error if there is no such GPU, no driver, or no CUDA in this build of the library.
  explicit gpu(int number = 0);
  ~gpu();
  gpu(gpu&&) noexcept;
  gpu& operator=(gpu&&) noexcept;

  int number() const;
  /// What NVIDIA calls it, "NVIDIA H100 80GB HBM3".
  std::string product() const;

  struct state;  ///< in CUDA's terms, for those who enqueue work on it
  state& handle() const { return *state_; }

 private:
  std::unique_ptr<state> state_;
};

}  // namespace salient
