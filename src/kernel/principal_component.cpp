// SPDX-License-Identifier: MIT
#include "kernel/principal_component.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

namespace salient::kernel {
namespace {

using row_major = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The centred matrix times its first right singular vector, up to the sign.
Eigen::VectorXd project(const row_major& centred) {
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

void project_on_first_component(std::span<const double> matrix, std::span<double> projection) {
  const auto rows = static_cast<Eigen::Index>(projection.size());
  row_major values =
      Eigen::Map<const row_major>(matrix.data(), rows, static_cast<Eigen::Index>(matrix.size()) / rows);
  const double before = values.norm();
  values.rowwise() -= values.colwise().mean().eval();
  Eigen::Map<Eigen::VectorXd> result(projection.data(), rows);
  if (values.norm() <= 1e-14 * before)
    result.setZero();
  else
    result = project(values);
}

}  // namespace salient::kernel
