// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <utility>

namespace salient {

/// Copies to a device through page-locked memory, so that the caller need not wait. There are two halves:
/// while the device still reads one, the other is filled. Only a caller who is a whole half ahead waits.
/// Thread-safe.
///
/// A Port has `void* take(bytes)` and `void give(block)` for the page-locked memory,
/// `send(to_device, from_block, bytes)`, which enqueues a copy, `mark(half)`, which notes what has been
/// enqueued so far, and `await(half)`, which waits for what was noted last. These may throw.
template <class Port>
class staging {
 public:
  static constexpr std::size_t half = 4 << 20;
  /// The device begins to read when the first piece is there.
  static constexpr std::size_t piece = half / 8;

  explicit staging(Port port) : port_(std::move(port)) {}
  staging(const staging&) = delete;
  staging& operator=(const staging&) = delete;
  ~staging() {
    if (start_) port_.give(start_);
  }

  /// Has read the host's memory when it returns.
  void copy(void* to, const void* from, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (!start_) start_ = static_cast<std::byte*>(port_.take(2 * half));
    for (std::size_t done = 0; done < bytes;) {
      if (used_ == half) turn();
      const std::size_t some = std::min({bytes - done, half - used_, piece});
      std::byte* const place = start_ + static_cast<std::size_t>(current_) * half + used_;
      std::memcpy(place, static_cast<const std::byte*>(from) + done, some);
      port_.send(static_cast<std::byte*>(to) + done, place, some);
      used_ = std::min(half, (used_ + some + 63) / 64 * 64);
      done += some;
    }
  }

 private:
  /// Begins to fill the other half.
  void turn() {
    port_.mark(current_);
    if (turned_) port_.await(1 - current_);
    turned_ = true;
    current_ = 1 - current_;
    used_ = 0;
  }

  std::mutex mutex_;
  Port port_;
  std::byte* start_ = nullptr;
  std::size_t used_ = 0;
  int current_ = 0;
  bool turned_ = false;
};

}  // namespace salient
