// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/method/query.hpp"

namespace salient {

/// A map that is the mean of samples M, with statistics of these at every element.
template <class T>
struct sampled : explanation<T> {
  basic_tensor<T> squares;         ///< mean of M^2
  basic_tensor<T> variance;        ///< mean of (M - map)^2; not negative
  basic_tensor<T> standard_error;  ///< of the map: sqrt(sum of (M - map)^2 / (n - 1) / n)
  std::vector<int> samples;        ///< n, for each image
};

namespace methods::detail {

/// How many samples a method takes for an image.
struct sample_options {
  std::string_view method;  ///< in messages
  int samples;              ///< with a tolerance, at least
  const std::optional<double>& tolerance;
  const std::optional<int>& most_samples;
  long budget;  ///< bytes of device memory

  int limit() const { return tolerance ? most_samples.value_or(std::max(1000, samples)) : samples; }
  /// Samples that run together, of `each` bytes. More than `samples` would be in vain where the tolerance is
  /// met at once.
  long at_once(long each) const { return std::clamp(budget / each, 1L, long{samples}); }
};

/// Throws salient::error for an option that is out of range.
SALIENT_EXPORT void check_samples(const sample_options&);

/// Mean and variance of maps, element by element, in double (Welford 1962: a sum of squares minus the square
/// of a sum would cancel, and could be negative). The functions are for float and double.
class SALIENT_EXPORT moments {
 public:
  int count() const { return count_; }
  double mean(std::size_t i) const { return elements_[i].mean; }
  /// Of the mean. At least two maps.
  double standard_error(std::size_t i) const;
  void clear() { count_ = 0; }
  template <class T>
  void add(std::span<const T> map);
  /// Whether the mean standard error is at most `tolerance` times the mean magnitude of the mean. At least
  /// two maps.
  bool settled(double tolerance) const;
  /// Writes the results for image n, whose tensors have room. Throws salient::error, which names the method,
  /// if a value is not finite.
  template <class T>
  void write(sampled<T>& to, long n, std::string_view method) const;

 private:
  struct element {
    double mean, scatter;  ///< scatter: the sum of (M - mean)^2
  };
  int count_ = 0;
  std::vector<element> elements_;
};

template <class T>
void make_room(sampled<T>& result, shape extent, long batch) {
  for (basic_tensor<T>* const t : {&result.map, &result.squares, &result.variance, &result.standard_error})
    *t = basic_tensor<T>(extent, batch);
  result.samples.resize(static_cast<std::size_t>(batch));
}

/// The moments of the samples of one image, taken one after the other until the options are met.
/// maps_of(first, count) returns the maps of samples first, ..., first + count - 1, which run together: at
/// most `at_once`.
template <class F>
void take_samples(const sample_options& o, long at_once, moments& found, const F& maps_of) {
  found.clear();
  for (bool done = false; !done;) {
    const auto& maps = maps_of(found.count(), std::min<long>(at_once, o.limit() - found.count()));
    for (long k = 0; k < maps.batch && !done; ++k) {
      found.add(maps.image(k));
      done = found.count() >= o.limit() ||
             (o.tolerance && found.count() >= o.samples && found.settled(*o.tolerance));
    }
  }
}

}  // namespace methods::detail
}  // namespace salient
