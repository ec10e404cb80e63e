// SPDX-License-Identifier: MIT
#include "salient/kernel/attribution.hpp"

#include "kernel/portable.hpp"

namespace salient::kernel {

template <class D, class T>
void narrow(const D& d, long size, const double* x, T* out) {
  for_each(d, size, 1, [=] SALIENT_HD(long i) { out[i] = static_cast<T>(x[i]); });
}

template <class D, class T>
void multiply_by_way(const D& d, long size, const T* gradient, const T* from, const T* to, T* map) {
  for_each(d, size, 1, [=] SALIENT_HD(long i) {
    map[i] = static_cast<T>(static_cast<double>(gradient[i]) *
                            (static_cast<double>(to[i]) - static_cast<double>(from[i])));
  });
}

#define KERNELS(D, T)                                      \
  template void narrow(const D&, long, const double*, T*); \
  template void multiply_by_way(const D&, long, const T*, const T*, const T*, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
