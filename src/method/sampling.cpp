// SPDX-License-Identifier: MIT
#include "salient/method/sampling.hpp"

#include <cmath>
#include <string>
#include <type_traits>

#include "core/refuse.hpp"
#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"
#include "salient/method/changed_inputs.hpp"
#include "salient/method/explain.hpp"

namespace salient::methods::detail {
namespace {

using salient::detail::refuse, salient::detail::check_sample_count;

}  // namespace

void check_samples(const sample_options& o) {
  check_sample_count(o.method, "samples", o.samples);
  if (o.most_samples) check_sample_count(o.method, "most_samples", *o.most_samples);
  if (o.most_samples && !o.tolerance)
    throw error(std::string(o.method) +
                ": most_samples goes with a tolerance; without one, samples is their number");
  if (o.tolerance && (!is_finite(*o.tolerance) || !(*o.tolerance > 0)))
    refuse(o.method, "the tolerance must be above 0 and finite", *o.tolerance);
  check_budget(o.method, o.budget);
}

template <class T>
void moments::add(std::span<const T> map) {
  if (count_ == 0) elements_.assign(map.size(), {0, 0});
  ++count_;
  for (std::size_t i = 0; i < map.size(); ++i) {
    element& e = elements_[i];
    const double value = static_cast<double>(map[i]), change = value - e.mean;
    e.mean += change / count_;
    e.scatter += change * (value - e.mean);
  }
}

double moments::standard_error(std::size_t i) const {
  const double n = count_;
  return std::sqrt(elements_[i].scatter / (n * (n - 1)));
}

bool moments::settled(double tolerance) const {
  double errors = 0, magnitudes = 0;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    errors += standard_error(i);
    magnitudes += std::abs(elements_[i].mean);
  }
  return errors <= tolerance * magnitudes;
}

template <class T>
void moments::write(sampled<T>& to, long n, std::string_view method) const {
  const auto map = to.map.image(n), squares = to.squares.image(n), variance = to.variance.image(n),
             errors = to.standard_error.image(n);
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    const auto [mean, scatter] = elements_[i];
    map[i] = static_cast<T>(mean);
    squares[i] = static_cast<T>(mean * mean + scatter / count_);
    variance[i] = static_cast<T>(scatter / count_);
    errors[i] = static_cast<T>(standard_error(i));
  }
  to.samples[static_cast<std::size_t>(n)] = count_;
  salient::detail::check_finite<T>(map, {});
  for (const std::span<const T> statistic : {squares, variance, errors})
    if (!all_finite(statistic))
      throw error(std::string(method) + ": the maps' squares are not finite: " +
                  (std::is_same_v<T, float> ? "float overflows; use a model<network, cpu, double>"
                                            : "double overflows"));
}

template void moments::add(std::span<const float>);
template void moments::add(std::span<const double>);
template void moments::write(sampled<float>&, long, std::string_view) const;
template void moments::write(sampled<double>&, long, std::string_view) const;

}  // namespace salient::methods::detail
