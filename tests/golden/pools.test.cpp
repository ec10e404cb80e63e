// SPDX-License-Identifier: MIT
#include "golden/compare.hpp"

namespace salient::golden {

INSTANTIATE_TEST_SUITE_P(pools, golden, testing::ValuesIn(comparisons<pools>::all()));

}  // namespace salient::golden
