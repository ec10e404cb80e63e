// SPDX-License-Identifier: MIT
#include "golden/compare.hpp"

namespace salient::golden {

INSTANTIATE_TEST_SUITE_P(perceptrons, golden, testing::ValuesIn(comparisons<perceptrons>::all()), name_of);

}  // namespace salient::golden
