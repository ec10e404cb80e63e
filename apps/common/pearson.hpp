// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

namespace apps {

/// Pearson's correlation of two maps of the same size, in [-1, 1]; empty if either is constant.
inline std::optional<double> pearson(std::span<const float> a, std::span<const float> b) {
  const auto n = static_cast<double>(a.size());
  double mean_a = 0, mean_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) mean_a += a[i], mean_b += b[i];
  mean_a /= n, mean_b /= n;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double da = a[i] - mean_a, db = b[i] - mean_b;
    aa += da * da, bb += db * db, ab += da * db;
  }
  if (!(aa > 0) || !(bb > 0)) return std::nullopt;
  return ab / std::sqrt(aa) / std::sqrt(bb);
}

/// The mean of the values added so far, and their number.
class mean {
 public:
  void add(std::optional<double> value) {
    if (value) sum_ += *value, ++count_;
  }
  long count() const { return count_; }
  double value() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : 0; }

 private:
  double sum_ = 0;
  long count_ = 0;
};

}  // namespace apps
