// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace salient {

/// Memory of a Source that is slow to ask: released blocks are kept and handed out again, the smallest that
/// fits first, and never one of more than twice the size asked for. Any number of threads may use one object.
///
/// A Source has `void* take(bytes)`, null if refused, and `void give(block)`. It must hand out no block that
/// work enqueued before is still writing to; a stream, where what is enqueued later runs later, never does.
template <class Source>
class block_cache {
 public:
  explicit block_cache(Source source) : source_(std::move(source)) {}
  block_cache(const block_cache&) = delete;
  block_cache& operator=(const block_cache&) = delete;
  ~block_cache() { trim(); }

  /// Null if the source refuses even after all that is kept has been given back to it.
  void* allocate(std::size_t bytes) {
    bytes = std::max(bytes, least);
    const std::lock_guard lock(mutex_);
    block* best = nullptr;
    for (block& b : blocks_)
      if (!b.used && b.size >= bytes && b.size / 2 <= bytes && (!best || b.size < best->size)) best = &b;
    if (best) {
      best->used = true;
      return best->start;
    }
    blocks_.reserve(blocks_.size() + 1);  // may throw, so before there is a block to lose
    void* start = source_.take(bytes);
    if (!start) {
      trim_unlocked();
      start = source_.take(bytes);
    }
    if (start) blocks_.push_back({start, bytes, true});
    return start;
  }

  void release(void* start) noexcept {
    const std::lock_guard lock(mutex_);
    for (block& b : blocks_)
      if (b.start == start) b.used = false;
  }

  /// How many blocks the source has handed out, in use or kept.
  std::size_t blocks() {
    const std::lock_guard lock(mutex_);
    return blocks_.size();
  }

  /// Gives back to the source what is kept.
  void trim() noexcept {
    const std::lock_guard lock(mutex_);
    trim_unlocked();
  }

 private:
  static constexpr std::size_t least = 512;

  struct block {
    void* start;
    std::size_t size;
    bool used;
  };

  void trim_unlocked() noexcept {
    std::erase_if(blocks_, [&](const block& b) {
      if (!b.used) source_.give(b.start);
      return !b.used;
    });
  }

  std::mutex mutex_;
  Source source_;
  std::vector<block> blocks_;
};

}  // namespace salient
