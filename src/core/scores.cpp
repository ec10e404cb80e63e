// SPDX-License-Identifier: MIT
#include "salient/core/scores.hpp"

#include <algorithm>
#include <cmath>

namespace salient {

template <class T>
int predicted_class(std::span<const T> scores) {
  return static_cast<int>(std::ranges::max_element(scores) - scores.begin());
}

template <class T>
std::vector<int> predicted_classes(const basic_tensor<T>& scores) {
  std::vector<int> result;
  for (long n = 0; n < scores.batch; ++n) result.push_back(predicted_class(scores.image(n)));
  return result;
}

template <class T>
void write_probabilities(std::span<const T> scores, std::span<T> result) {
  const T largest = *std::ranges::max_element(scores);
  T sum = 0;
  for (std::size_t k = 0; k < scores.size(); ++k) sum += result[k] = std::exp(scores[k] - largest);
  for (T& p : result) p /= sum;
}

template <class T>
T probability_of(std::span<const T> scores, int c) {
  const T largest = *std::ranges::max_element(scores);
  T sum = 0;
  for (const T z : scores) sum += std::exp(z - largest);
  return std::exp(scores[static_cast<std::size_t>(c)] - largest) / sum;
}

template <class T>
std::vector<T> probabilities(std::span<const T> scores) {
  std::vector<T> result(scores.size());
  write_probabilities<T>(scores, result);
  return result;
}

template <class T>
basic_tensor<T> probabilities(const basic_tensor<T>& scores) {
  basic_tensor<T> result(scores.extent, scores.batch);
  for (long n = 0; n < scores.batch; ++n) write_probabilities<T>(scores.image(n), result.image(n));
  return result;
}

template int predicted_class(std::span<const float>);
template int predicted_class(std::span<const double>);
template std::vector<int> predicted_classes(const basic_tensor<float>&);
template std::vector<int> predicted_classes(const basic_tensor<double>&);
template void write_probabilities(std::span<const float>, std::span<float>);
template void write_probabilities(std::span<const double>, std::span<double>);
template float probability_of(std::span<const float>, int);
template double probability_of(std::span<const double>, int);
template std::vector<float> probabilities(std::span<const float>);
template std::vector<double> probabilities(std::span<const double>);
template basic_tensor<float> probabilities(const basic_tensor<float>&);
template basic_tensor<double> probabilities(const basic_tensor<double>&);

}  // namespace salient
