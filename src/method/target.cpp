// SPDX-License-Identifier: MIT
#include "salient/method/target.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include "salient/core/error.hpp"

namespace salient::detail {

std::vector<int> given_classes(const std::vector<int>& classes, long images, int count) {
  const auto all = static_cast<std::size_t>(images);
  if (classes.size() > 1 && classes.size() != all)
    throw error("a batch of " + std::to_string(images) + " images takes one target or " +
                std::to_string(images) + ", got " + std::to_string(classes.size()));
  for (const int c : classes)
    if (c < 0 || c >= count)
      throw error("target " + std::to_string(c) + " is out of range: the network has classes 0 to " +
                  std::to_string(count - 1));
  return classes.size() == 1 ? std::vector<int>(all, classes[0]) : classes;
}

template <class T>
std::vector<int> resolve_classes(const std::vector<int>& classes, const basic_tensor<T>& scores) {
  if (classes.empty()) return predicted_classes(scores);
  return given_classes(classes, scores.batch, static_cast<int>(scores.extent.elements()));
}

int one_class(std::span<const int> classes, long first, long step) {
  if (classes.empty()) return -1;
  const auto asked = classes.subspan(static_cast<std::size_t>(first), step == 0 ? 1 : std::dynamic_extent);
  return std::ranges::all_of(asked, [&](int c) { return c == asked[0]; }) ? asked[0] : -1;
}

template <class T>
T all_but(std::span<const T> p, int c) {
  T sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k)
    if (static_cast<int>(k) != c) sum += p[k];
  return sum;
}

template std::vector<int> resolve_classes(const std::vector<int>&, const basic_tensor<float>&);
template std::vector<int> resolve_classes(const std::vector<int>&, const basic_tensor<double>&);
template float all_but(std::span<const float>, int);
template double all_but(std::span<const double>, int);

}  // namespace salient::detail
