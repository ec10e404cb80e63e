// SPDX-License-Identifier: MIT
#pragma once

#include "explainer/request.hpp"
#include "salient/explainer/crew.hpp"

namespace salient::explainer {

/// Explains the pictures shard by shard, each in one of the processes, and prints what was written. Goes on
/// with what an earlier run left. Returns the number of pictures that could not be explained; 0 but in the
/// process of rank 0. Throws salient::error if the files cannot be written, or the folder holds another run.
long run_in_shards(const introduction& setup, const subject& what, const request& asked, crew& together);

}  // namespace salient::explainer
