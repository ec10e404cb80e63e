// SPDX-License-Identifier: MIT
#include "salient/method/target.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "salient/core/error.hpp"

namespace salient {

template <class T>
int predicted_class(std::span<const T> scores) {
  return static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

template <class T>
std::vector<T> probabilities(std::span<const T> scores) {
  const T largest = *std::max_element(scores.begin(), scores.end());
  std::vector<T> result(scores.begin(), scores.end());
  T sum = 0;
  for (T& p : result) sum += p = std::exp(p - largest);
  for (T& p : result) p /= sum;
  return result;
}

namespace detail {

template <class T>
std::vector<int> target_classes::resolve(const basic_tensor<T>& scores) const {
  const int count = static_cast<int>(scores.extent.elements());
  std::vector<int> result(static_cast<std::size_t>(scores.batch));
  if (classes.size() > 1 && classes.size() != result.size())
    throw error("a batch of " + std::to_string(result.size()) + " images takes one target or " +
                std::to_string(result.size()) + ", got " + std::to_string(classes.size()));
  for (std::size_t n = 0; n < result.size(); ++n) {
    result[n] = classes.empty()       ? predicted_class(scores.image(static_cast<long>(n)))
                : classes.size() == 1 ? classes[0]
                                      : classes[n];
    if (result[n] < 0 || result[n] >= count)
      throw error("target " + std::to_string(result[n]) + " is out of range: the network has classes 0 to " +
                  std::to_string(count - 1));
  }
  return result;
}

template <class T>
T all_but(std::span<const T> p, int c) {
  T sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k)
    if (static_cast<int>(k) != c) sum += p[k];
  return sum;
}

template std::vector<int> target_classes::resolve(const basic_tensor<float>&) const;
template std::vector<int> target_classes::resolve(const basic_tensor<double>&) const;
template float all_but(std::span<const float>, int);
template double all_but(std::span<const double>, int);

}  // namespace detail

template int predicted_class(std::span<const float>);
template int predicted_class(std::span<const double>);
template std::vector<float> probabilities(std::span<const float>);
template std::vector<double> probabilities(std::span<const double>);

}  // namespace salient
