// SPDX-License-Identifier: MIT
#pragma once

// Kernels that are one Eigen Tensor expression over flat arrays.

#include "kernel/eigen.hpp"

namespace salient::kernel {

template <class T>
using vector_map = Eigen::TensorMap<Eigen::Tensor<T, 1, Eigen::RowMajor, long>>;
template <class T>
using const_vector_map = Eigen::TensorMap<Eigen::Tensor<const T, 1, Eigen::RowMajor, long>>;

/// out = expression(in...), arrays of `size` elements, split over the device.
template <class D, class T, class F, class... In>
void assign(const D& device, long size, T* out, const F& expression, const In*... in) {
  slices(device, size, 1, [&](long first, long last) {
    const long length = last - first;
    on_eigen(device, [&](const auto& eigen) {
      vector_map<T>(out + first, length).device(eigen) =
          expression(const_vector_map<T>(in + first, length)...);
    });
  });
}

}  // namespace salient::kernel
