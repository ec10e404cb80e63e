// SPDX-License-Identifier: MIT
#include "golden/compare.hpp"

namespace salient::golden {

INSTANTIATE_TEST_SUITE_P(same_padding, golden, testing::ValuesIn(comparisons<same_padding>::all()));

}  // namespace salient::golden
