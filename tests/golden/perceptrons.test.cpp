// SPDX-License-Identifier: MIT
#include "golden/compare.hpp"

namespace salient::golden {

INSTANTIATE_TEST_SUITE_P(perceptrons, golden, testing::ValuesIn(comparisons<perceptrons>::all()));

}  // namespace salient::golden
