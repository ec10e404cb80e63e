// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "salient/device/recorder.hpp"

namespace salient {

/// Recordings by their keys, at most `most`: the oldest makes room.
template <class Recording>
class recordings_by_key {
 public:
  /// A session runs few different passes: some ranges, rules and batch sizes.
  static constexpr std::size_t most = 64;

  /// Runs before a pass is recorded. Methods with sessions of their own often run a pass twice.
  static constexpr int before = 2;

  /// The recording of a pass that has been run before, made by `record()` if there is none yet. Null for a
  /// pass that has been run less often, and from when `record()` returns none: it is not asked again. If it
  /// throws, it is.
  template <class F>
  Recording* of(const pass_key& key, const F& record) {
    const auto found = std::ranges::find(entries_, key, &entry::key);
    if (found == entries_.end()) {
      if (entries_.size() < most)
        entries_.push_back({key});
      else
        entries_[std::exchange(oldest_, (oldest_ + 1) % most)] = {key};
      return nullptr;
    }
    if (found->runs < before) {
      ++found->runs;
      return nullptr;
    }
    if (!found->recording && !found->refused) {
      found->recording = record();
      found->refused = !found->recording;
    }
    return found->recording ? &*found->recording : nullptr;
  }

  std::size_t recorded() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(entries_, [](const entry& e) { return e.recording.has_value(); }));
  }

 private:
  struct entry {
    pass_key key;
    int runs = 1;
    std::optional<Recording> recording{};
    bool refused = false;
  };
  std::vector<entry> entries_;
  std::size_t oldest_ = 0;
};

}  // namespace salient
