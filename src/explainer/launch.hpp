// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace salient::explainer {

/// How this process was started.
struct launch {
  int rank = 0;
  int size = 1;  ///< of how many; 0 if only the rank is known

  bool operator==(const launch&) const = default;
};

using environment = std::function<const char*(const char* name)>;

/// What mpirun and srun tell the processes that they start, before and without MPI. A process of one if the
/// environment says nothing.
launch launched(const environment& variable);
/// The same of this process.
launch launched();

/// Waits a second in all processes but the first. mpirun ends all when one exits with a failure, and the first
/// is to say before that what it was.
void let_rank_0_speak();

}  // namespace salient::explainer
