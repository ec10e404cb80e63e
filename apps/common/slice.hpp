// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "salient/core/tensor.hpp"

namespace apps {

/// Images first .. first + count - 1 of a batch.
inline salient::tensor slice(const salient::tensor& from, long first, long count) {
  salient::tensor part(from.extent, count);
  for (long n = 0; n < count; ++n) std::ranges::copy(from.image(first + n), part.image(n).begin());
  return part;
}

}  // namespace apps
