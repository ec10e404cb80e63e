// SPDX-License-Identifier: MIT
#include "salient/train/loss.hpp"

#include <algorithm>
#include <cmath>

#include "salient/train/labels.hpp"

namespace salient {

template <class T>
loss_value<T> softmax_cross_entropy(const basic_tensor<T>& scores, std::span<const int> labels) {
  check_labels(labels, scores.batch, scores.extent.channels, "softmax_cross_entropy");
  loss_value<T> result{0, 0, basic_tensor<T>(scores.extent, scores.batch)};
  const double share = 1.0 / static_cast<double>(scores.batch);
  for (long n = 0; n < scores.batch; ++n) {
    const auto z = scores.image(n);
    const auto dz = result.gradient.image(n);
    const int label = labels[static_cast<std::size_t>(n)];
    const auto own = static_cast<std::size_t>(label);
    const auto best = std::max_element(z.begin(), z.end());
    double sum = 0;
    for (const T v : z) sum += std::exp(static_cast<double>(v - *best));
    for (std::size_t k = 0; k < z.size(); ++k)
      dz[k] =
          static_cast<T>(share * (std::exp(static_cast<double>(z[k] - *best)) / sum - (k == own ? 1 : 0)));
    result.loss += share * (std::log(sum) + static_cast<double>(*best) - static_cast<double>(z[own]));
    result.correct += best - z.begin() == label ? 1 : 0;
  }
  return result;
}

template loss_value<float> softmax_cross_entropy(const basic_tensor<float>&, std::span<const int>);
template loss_value<double> softmax_cross_entropy(const basic_tensor<double>&, std::span<const int>);

}  // namespace salient
