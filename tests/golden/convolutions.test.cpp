// SPDX-License-Identifier: MIT
#include "golden/compare.hpp"

namespace salient::golden {

INSTANTIATE_TEST_SUITE_P(convolutions, golden, testing::ValuesIn(comparisons<convolutions>::all()));

}  // namespace salient::golden
