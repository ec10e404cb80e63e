// SPDX-License-Identifier: MIT
#include "salient/method/explain.hpp"

#include <string>
#include <type_traits>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::detail {

namespace {

template <class T>
[[noreturn]] void refuse(const std::string& what) {
  constexpr bool narrow = std::is_same_v<T, float>;
  throw error(what + " is not finite: " + (narrow ? "float" : "double") +
              " overflows at such weights or pixels" + (narrow ? "; use a model<network, cpu, double>" : ""));
}

}  // namespace

template <class T>
void check_finite(std::span<const T> map, std::span<const T> values) {
  if (!all_finite(map)) refuse<T>("the map");
  if (!all_finite(values)) refuse<T>("the target's value");
}

template void check_finite(std::span<const float>, std::span<const float>);
template void check_finite(std::span<const double>, std::span<const double>);

}  // namespace salient::detail
