// SPDX-License-Identifier: MIT
#include "kernel/neighbour_mean.hpp"

#include <cassert>
#include <cstddef>
#include <vector>

#include <Eigen/SparseCholesky>

namespace salient::kernel {
namespace {

/// Calls f(place, weight) for the neighbours of a pixel.
template <class F>
void for_each_neighbour(int height, int width, long place, const F& f) {
  const int row = static_cast<int>(place / width), column = static_cast<int>(place % width);
  for (int y = row - 1; y <= row + 1; ++y)
    for (int x = column - 1; x <= column + 1; ++x) {
      if (y < 0 || y >= height || x < 0 || x >= width || (y == row && x == column)) continue;
      f(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x),
        y == row || x == column ? 2.0 : 1.0);
    }
}

}  // namespace

void solve_for_missing(int height, int width, int channels, std::span<const long> missing,
                       std::span<double> pixels) {
  if (missing.empty()) return;
  using matrix = Eigen::SparseMatrix<double>;
  const auto count = static_cast<Eigen::Index>(missing.size());
  const auto depth = static_cast<std::size_t>(channels);
  std::vector<int> unknown(pixels.size() / depth, -1);  // a pixel's number among the missing ones
  for (Eigen::Index k = 0; k < count; ++k)
    unknown[static_cast<std::size_t>(missing[static_cast<std::size_t>(k)])] = static_cast<int>(k);

  // (sum of weights) x_i - sum over missing neighbours w x_j = sum over known neighbours w p_j. The matrix is
  // symmetric, and positive definite because a path of neighbours leads from every missing pixel to a known
  // one.
  std::vector<Eigen::Triplet<double>> entries;
  entries.reserve(missing.size() * 9);
  Eigen::MatrixXd right = Eigen::MatrixXd::Zero(count, channels);
  for (int k = 0; k < count; ++k) {
    double sum = 0;
    for_each_neighbour(height, width, missing[static_cast<std::size_t>(k)],
                       [&](std::size_t place, double weight) {
                         sum += weight;
                         if (unknown[place] >= 0)
                           entries.emplace_back(k, unknown[place], -weight);
                         else
                           for (int c = 0; c < channels; ++c)
                             right(k, c) += weight * pixels[place * depth + static_cast<std::size_t>(c)];
                       });
    entries.emplace_back(k, k, sum);
  }
  matrix system(count, count);
  system.setFromTriplets(entries.begin(), entries.end());
  const Eigen::SimplicialLDLT<matrix> solver(system);
  assert(solver.info() == Eigen::Success);
  const Eigen::MatrixXd solution = solver.solve(right);
  for (Eigen::Index k = 0; k < count; ++k)
    for (int c = 0; c < channels; ++c)
      pixels[static_cast<std::size_t>(missing[static_cast<std::size_t>(k)]) * depth +
             static_cast<std::size_t>(c)] = solution(k, c);
}

}  // namespace salient::kernel
