// SPDX-License-Identifier: MIT
#include "golden/compare.hpp"

namespace salient::golden {

INSTANTIATE_TEST_SUITE_P(heads, golden, testing::ValuesIn(comparisons<heads>::all()));

}  // namespace salient::golden
