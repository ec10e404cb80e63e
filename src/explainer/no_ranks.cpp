// SPDX-License-Identifier: MIT

// The crew of a build without MPI.

#include <cstdlib>
#include <iostream>

#include "explainer/launch.hpp"
#include "salient/explainer/crew.hpp"
#include "salient/explainer/guard.hpp"

namespace salient::explainer {

std::unique_ptr<crew> join() { return alone(); }

int guarded_in_crew(const std::string& program, const std::function<void()>& body) {
  const launch l = launched();
  if (l.size < 2 && l.rank == 0) return guarded(program, body);
  // Each process would do all of the work.
  if (l.rank == 0)
    report_error(program,
                 std::to_string(l.size) +
                     " processes were started, but this program was built without MPI and cannot share "
                     "the work; configure salient with -DSALIENT_WITH_MPI=ON and build it again");
  let_rank_0_speak();
  return 2;
}

}  // namespace salient::explainer
