// SPDX-License-Identifier: MIT
#pragma once

namespace salient {

/// A module whose parameters are in weight files but which takes no part in classifying, such as an auxiliary
/// classifier: `named<"AuxLogits", unused>`. Loading passes over everything below its module path.
struct unused {};

}  // namespace salient
