// SPDX-License-Identifier: MIT
#include "salient/method/eigen_cam.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

namespace salient::methods::detail {
namespace {

using matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Subtracts each column's mean. Constant columns become zero in spite of rounding, if all are constant.
void centre(matrix& values) {
  const double before = values.norm();
  values.rowwise() -= values.colwise().mean().eval();
  if (values.norm() <= 1e-14 * before) values.setZero();
}

/// The centred matrix times its first right singular vector, up to the sign.
Eigen::VectorXd project(const matrix& centred) {
  // The smaller of the two products with itself has the singular vectors of one side. Squaring costs half of
  // the digits of small singular values, but not of the first.
  const bool wide = centred.cols() > centred.rows();
  const Eigen::MatrixXd square =
      wide ? Eigen::MatrixXd(centred * centred.transpose()) : Eigen::MatrixXd(centred.transpose() * centred);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(square);
  const Eigen::Index last = square.rows() - 1;  // eigenvalues are in increasing order
  const Eigen::VectorXd first = solver.eigenvectors().col(last);
  if (!wide) return centred * first;
  return std::sqrt(std::max(0.0, solver.eigenvalues()[last])) * first;
}

}  // namespace

template <class T>
basic_tensor<T> principal_map(const basic_tensor<T>& maps) {
  salient::detail::check_finite<T>(maps.values, {});
  basic_tensor<T> result({maps.extent.height, maps.extent.width, 1}, maps.batch);
  for (long n = 0; n < maps.batch; ++n) {
    const std::span<const T> image = maps.image(n);
    matrix values(maps.extent.positions(), maps.extent.channels);
    std::ranges::copy(image, values.data());
    const Eigen::VectorXd sum = values.rowwise().sum();
    centre(values);
    Eigen::VectorXd map = project(values);
    if (map.dot(sum) < 0) map = -map;
    std::ranges::transform(map, result.image(n).begin(), [](double v) { return static_cast<T>(v); });
  }
  return result;
}

template basic_tensor<float> principal_map(const basic_tensor<float>&);
template basic_tensor<double> principal_map(const basic_tensor<double>&);

}  // namespace salient::methods::detail
