// SPDX-License-Identifier: MIT
#pragma once

// The CUDA state of a `gpu`. Only sources that are compiled with the CUDA toolkit include this.

#include <array>
#include <cstddef>
#include <cuda_runtime_api.h>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <type_traits>

#include "device/block_cache.hpp"
#include "device/staging.hpp"
#include "salient/device/gpu.hpp"

namespace salient {

/// The message of a CUDA error with advice: "GPU 0: copying from it: CUDA says 'an illegal memory access was
/// encountered'; ...".
std::string cuda_message(int number, const std::string& doing, cudaError_t failure);

/// Throws this message as salient::error if `outcome` is a failure.
void check_cuda(int number, const char* doing, cudaError_t outcome);

/// Makes a device CUDA's current one for this scope; restores the previous one.
class current_device {
 public:
  explicit current_device(int number) { check_cuda(number, "selecting it", turn_to(number)); }
  /// Ignores a failure, for code that must not throw.
  current_device(int number, std::nothrow_t) noexcept { turn_to(number); }
  ~current_device() {
    if (moved_) cudaSetDevice(before_);
  }
  current_device(const current_device&) = delete;
  current_device& operator=(const current_device&) = delete;

 private:
  cudaError_t turn_to(int number) noexcept {
    if (cudaGetDevice(&before_) == cudaSuccess && before_ == number) return cudaSuccess;
    const cudaError_t outcome = cudaSetDevice(number);
    moved_ = outcome == cudaSuccess;
    return outcome;
  }

  int before_ = 0;
  bool moved_ = false;
};

/// The source of a block_cache: device memory.
struct cuda_memory {
  int number;

  void* take(std::size_t bytes) const;
  void give(void* block) const noexcept;
};

/// The same for page-locked memory of the host.
struct host_memory {
  int number;

  void* take(std::size_t bytes) const;
  void give(void* block) const noexcept;
};

struct destroy {
  void operator()(cudaStream_t s) const noexcept { cudaStreamDestroy(s); }
  void operator()(cudaEvent_t e) const noexcept { cudaEventDestroy(e); }
  void operator()(cudaGraph_t g) const noexcept { cudaGraphDestroy(g); }
  void operator()(cudaGraphExec_t g) const noexcept { cudaGraphExecDestroy(g); }
};
/// A handle of CUDA's that is destroyed with its owner.
template <class Handle>
using owned = std::unique_ptr<std::remove_pointer_t<Handle>, destroy>;

/// A stream of CUDA's current device, which has this number, that does not wait for the default stream.
owned<cudaStream_t> open_stream(int number);

/// The port of `staging`: copies on a GPU's stream.
struct upload_port {
  const gpu::state* of;

  void* take(std::size_t bytes) const;
  void give(void* block) const noexcept;
  void send(void* to, const void* from, std::size_t bytes) const;
  void mark(int half) const;
  void await(int half) const;
};

/// What several kernels of a product hand on to each other.
class product_scratch {
 public:
  static constexpr long partial_sums = 8L << 20;  ///< floats
  /// Floats of Winograd's algorithm: weights, which for 512 by 512 channels are 9.4 million, and inputs and
  /// sums of some tiles. Of 8, 16, 32 and 64 million for the latter, VGG-16's gradients of eight images take
  /// an H200 9.5, 8.3, 8.0 and 7.9 ms: many tiles together matter more than that they stay in the L2 cache.
  static constexpr long weights = 10L << 20, tiles = 32L << 20;

  /// Takes the memory for partial sums, which a product that is being recorded could not.
  explicit product_scratch(int number);
  ~product_scratch();
  product_scratch(const product_scratch&) = delete;
  product_scratch& operator=(const product_scratch&) = delete;

  /// Sums that several blocks compute in parts.
  float* partials() const { return partials_; }
  /// `weights` floats and `tiles` after them; taken by the first call, which must not be in a recording. Call
  /// it while `lock` is held.
  float* transformed();
  /// Held while the kernels that write and those that read are enqueued, so that no other thread's come
  /// between.
  [[nodiscard]] std::unique_lock<std::recursive_mutex> lock() { return std::unique_lock(in_use_); }

 private:
  float* take(long floats) const;

  cuda_memory source_;
  float *partials_, *transformed_ = nullptr;
  std::recursive_mutex in_use_;
};

struct gpu::state {
  int number;
  precision arithmetic;
  implementation kernels;
  cudaDeviceProp properties;
  block_cache<cuda_memory> memory;
  block_cache<host_memory> landing;        ///< page-locked, for copies to the host
  std::optional<product_scratch> scratch;  ///< of the library's own kernels

  state(int number, precision, implementation);
  ~state();

  /// Where the calling thread's work goes: the GPU's stream or, while the thread records, the recording's.
  cudaStream_t stream() const;
  staging<upload_port>& uploads() { return uploads_; }

 private:
  friend upload_port;
  owned<cudaStream_t> own_;
  std::array<owned<cudaEvent_t>, 2> marks_;
  staging<upload_port> uploads_;  // last: it uses all that is above
};

/// While it exists, what the calling thread enqueues on a gpu goes to another stream, which records it.
class recording_on {
 public:
  recording_on(const gpu::state&, cudaStream_t);
  ~recording_on();
  recording_on(const recording_on&) = delete;
  recording_on& operator=(const recording_on&) = delete;
};

/// Throws salient::error if the calling thread records: `doing` cannot be part of a recording.
void check_not_recording(const gpu::state&, const char* doing);

/// Calls launch(context, state) with the device as CUDA's current one, and throws salient::error if CUDA
/// reports a launch error.
void launch_on(const gpu&, void (*launch)(const void* context, const gpu::state&), const void* context);

}  // namespace salient
