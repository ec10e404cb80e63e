// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <span>

namespace salient::explainer {

/// The processes that share a run: this one alone, or those that were started together.
class crew {
 public:
  crew() = default;
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;
  virtual ~crew() = default;

  virtual int rank() const = 0;  ///< of this process, from 0
  virtual int size() const = 0;

  /// Calls `work` for each of `units` once, in any of the processes: each takes the next unit when it has
  /// done its last. The units of rank 0 count; what the others pass is not looked at. Rank 0 calls `progress`
  /// with the number of units that are done. Returns in all processes once all units are done. What `work`
  /// throws ends the run in all of them.
  virtual void share(std::span<const long> units, const std::function<void(long unit)>& work,
                     const std::function<void(long done)>& progress) = 0;
};

/// A crew of this process.
std::unique_ptr<crew> alone();

/// The crew that this process was started in.
std::unique_ptr<crew> join();

}  // namespace salient::explainer
