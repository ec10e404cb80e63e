// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include "salient/device/gpu.hpp"

namespace bench {

/// What a GPU can do at most, from what CUDA tells of it: SMs, the highest clocks, the memory's width.
struct card_peak {
  double gflops = 0;       ///< float32 multiply-adds outside tensor cores, two operations each
  double tf32_gflops = 0;  ///< of tensor cores; 0 where this table does not know them
  double gigabytes = 0;    ///< of its memory, a second
};
card_peak peak_of(const salient::gpu&);

/// Measures the time between two points in a GPU's stream, by CUDA's events.
class device_timer {
 public:
  explicit device_timer(const salient::gpu&);
  ~device_timer();

  /// Both enqueue a point behind the work enqueued so far.
  void start();
  void stop();
  /// Waits for the second point; the seconds between the two.
  double seconds() const;

 private:
  struct events;
  std::unique_ptr<events> events_;
};

/// Runs f while CUDA's profilers look; `ncu --profile-from-start off` sees nothing else.
void profiled(const std::function<void()>& f);

}  // namespace bench
