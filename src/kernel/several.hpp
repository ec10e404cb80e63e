// SPDX-License-Identifier: MIT
#pragma once

// Neighbouring elements that one thread of a GPU reads and writes together: 16 bytes are the most that an
// instruction moves.

#include <cstdint>

#include "kernel/portable.hpp"
#include "salient/core/view.hpp"

namespace salient::kernel {

/// N neighbouring elements. May lie over an array of them; as `memcpy`, nvcc would move them byte by byte.
template <class T, int N>
struct [[gnu::may_alias]] alignas(N * sizeof(T)) several {
  T at[N];
  SALIENT_HD T& operator[](int i) { return at[i]; }
  SALIENT_HD const T& operator[](int i) const { return at[i]; }
};

/// The N elements from `from` on, which is a multiple of their size.
template <int N, class T>
SALIENT_HD several<T, N> load(const T* from) {
  return *static_cast<const several<T, N>*>(static_cast<const void*>(from));
}
template <class T, int N>
SALIENT_HD void store(T* to, const several<T, N>& values) {
  *static_cast<several<T, N>*>(static_cast<void*>(to)) = values;
}

/// Whether every fourth element, from the first on, begins four that can be read together. True for null.
template <class T>
bool in_fours(const T* array) {
  return reinterpret_cast<std::uintptr_t>(array) % (4 * sizeof(T)) == 0;
}
/// The same for the channels of every position.
template <class T>
bool in_fours(const view<T>& v) {
  return in_fours(v.data) && v.pitch % 4 == 0;
}

}  // namespace salient::kernel
