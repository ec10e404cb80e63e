// SPDX-License-Identifier: MIT
#include "salient/method/explain.hpp"

#include <string>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::detail {

template <class T>
void check_finite(std::span<const T> map, std::span<const T> values) {
  constexpr bool narrow = std::is_same_v<T, float>;
  const std::string remedy = std::string(narrow ? "float" : "double") +
                             " overflows at such weights or pixels" +
                             (narrow ? "; use a model<network, cpu, double>" : "");
  if (!all_finite(map)) throw error("the map is not finite: " + remedy);
  if (!all_finite(values)) throw error("the target's value is not finite: " + remedy);
}

template void check_finite(std::span<const float>, std::span<const float>);
template void check_finite(std::span<const double>, std::span<const double>);

}  // namespace salient::detail
