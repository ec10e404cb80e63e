// SPDX-License-Identifier: MIT
#include "golden/compare.hpp"

namespace salient::golden {

INSTANTIATE_TEST_SUITE_P(convolutions, golden, testing::ValuesIn(comparisons<convolutions>::all()), name_of);

}  // namespace salient::golden
