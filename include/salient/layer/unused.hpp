// SPDX-License-Identifier: MIT
#pragma once

namespace salient {

/// A module that is in weight files but takes no part in classification, such as an auxiliary classifier:
/// `named<"AuxLogits", unused>`. Loading skips everything below its module path.
struct unused {};

}  // namespace salient
