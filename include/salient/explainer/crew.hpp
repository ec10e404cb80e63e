// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "salient/core/standard_library.hpp"

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
  /// What a cpu_pool of this process is to have unless the user says: its share of the processors that it and
  /// others of the crew may use. 0, as many as a pool finds by itself, for a process alone.
  virtual int threads() const = 0;

  /// Calls `work` for each of `units` once, in any of the processes: each takes the next unit when it has
  /// done its last. The units of rank 0 count; what the others pass is not looked at. Rank 0 calls `progress`
  /// with the number of units that are done, if there are several processes while `work` runs in another
  /// thread. Returns in all processes once all units are done. What `work` throws ends the run in all of
  /// them, once each has done what it is at: `share` throws it as salient::error in rank 0, and in the others
  /// what guarded_in_crew() takes without a word.
  virtual void share(std::span<const long> units, const std::function<void(long unit)>& work,
                     const std::function<void(long done)>& progress) = 0;
};

/// A crew of this process.
std::unique_ptr<crew> alone();

/// The crew of the processes that mpirun started, or of this one if it was started alone: then nothing of MPI
/// is called. Throws salient::error if the processes do not find each other. Only in guarded_in_crew(), which
/// also says so if several were started and the library was built without MPI.
std::unique_ptr<crew> join();

/// guarded() for a body that calls join(): what one process throws ends all, even those that wait for it,
/// and rank 0 says once what happened and exits with code 1. The others exit with 0, so that mpirun does not
/// end rank 0 before it has spoken.
int guarded_in_crew(const std::string& program, const std::function<void()>& body);

}  // namespace salient::explainer
