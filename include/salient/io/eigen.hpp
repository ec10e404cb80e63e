// SPDX-License-Identifier: MIT
#pragma once

// Interoperability with Eigen: the only public header that includes it.

#include <limits>
#include <string>

#include <unsupported/Eigen/CXX11/Tensor>

#include "salient/core/error.hpp"
#include "salient/core/tensor.hpp"

namespace salient {

/// Maps a batch as an Eigen tensor, N x H x W x C, without a copy. The tensor must outlive the map and
/// keep its size.
template <class T>
Eigen::TensorMap<Eigen::Tensor<T, 4, Eigen::RowMajor, long>> as_eigen(basic_tensor<T>& t) {
  return {t.values.data(), t.batch, t.extent.height, t.extent.width, t.extent.channels};
}
template <class T>
Eigen::TensorMap<Eigen::Tensor<const T, 4, Eigen::RowMajor, long>> as_eigen(const basic_tensor<T>& t) {
  return {t.values.data(), t.batch, t.extent.height, t.extent.width, t.extent.channels};
}

/// Evaluates an Eigen tensor or expression of four dimensions, N x H x W x C, in either storage order. Throws
/// salient::error if H, W or C is zero or does not fit an int.
template <class Expression>
auto from_eigen(const Expression& expression) {
  using traits = Eigen::internal::traits<Expression>;
  using scalar = std::remove_const_t<typename traits::Scalar>;
  static_assert(traits::NumDimensions == 4, "salient: a batch has four dimensions, N x H x W x C");
  const Eigen::Tensor<scalar, 4, traits::Layout, long> values = expression;
  const auto extent = [&](int d) {
    const long n = values.dimension(d);
    if (n < 1 || n > std::numeric_limits<int>::max())
      throw error("from_eigen: dimension " + std::to_string(d) + " of N x H x W x C is " + std::to_string(n) +
                  "; it must be between 1 and 2147483647");
    return static_cast<int>(n);
  };
  basic_tensor<scalar> result({extent(1), extent(2), extent(3)}, values.dimension(0));
  for (long n = 0; n < result.batch; ++n)
    for (int y = 0; y < result.extent.height; ++y)
      for (int x = 0; x < result.extent.width; ++x)
        for (int c = 0; c < result.extent.channels; ++c) result(n, y, x, c) = values(n, y, x, c);
  return result;
}

}  // namespace salient
