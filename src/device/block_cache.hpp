// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace salient {

/// Caches blocks of a Source whose allocations are slow. A released block is kept and reused: the smallest
/// that fits, if it has at most twice the requested size. Thread-safe.
///
/// A Source has `void* take(bytes)`, null on failure, and `void give(block)`. Enqueued work may still use a
/// block when it is released. All work must therefore go to one stream, which runs it in order.
template <class Source>
class block_cache {
 public:
  explicit block_cache(Source source) : source_(std::move(source)) {}
  block_cache(const block_cache&) = delete;
  block_cache& operator=(const block_cache&) = delete;
  ~block_cache() { trim(); }

  /// Null if the source fails even after all unused blocks have been given back.
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
    blocks_.reserve(blocks_.size() + 1);  // may throw, so before a block is taken
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

  /// Number of blocks taken from the source, in use or cached.
  std::size_t blocks() {
    const std::lock_guard lock(mutex_);
    return blocks_.size();
  }

  /// Gives all unused blocks back to the source.
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
