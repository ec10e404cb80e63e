// SPDX-License-Identifier: MIT
#include "salient/graph/session.hpp"

#include <cmath>
#include <string>

#include "salient/core/error.hpp"

namespace salient::detail {
namespace {

std::string to_string(shape s) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels);
}

}  // namespace

template <class T>
void check_images(const basic_tensor<T>& images, shape expected, long capacity) {
  if (!(images.extent == expected))
    throw error("the network needs images of " + to_string(expected) + " (height x width x channels), got " +
                to_string(images.extent));
  if (images.batch < 1 || images.batch > capacity)
    throw error("this session takes 1 to " + std::to_string(capacity) + " images at a time, got " +
                std::to_string(images.batch));
  if (images.values.size() != static_cast<std::size_t>(images.batch * images.extent.elements()))
    throw error("the images should have " + std::to_string(images.batch * images.extent.elements()) +
                " values, height x width x channels of each, but hold " +
                std::to_string(images.values.size()));
  for (std::size_t i = 0; i < images.values.size(); ++i)
    if (!std::isfinite(images.values[i]))
      throw error("the image has a value that is not finite at element " + std::to_string(i) + " of " +
                  std::to_string(images.values.size()) + "; saliency of it means nothing");
}

template <class T>
void check_scores(std::span<const T> scores) {
  for (const T score : scores)
    if (!std::isfinite(score))
      throw error(
          "the class scores are not finite: the image's values are too large for the network, which wants "
          "them "
          "as in its training (0 to 1 for most)");
}

long checked_capacity(long capacity, long most) {
  if (capacity < 1)
    throw error("a session needs room for at least one image, got " + std::to_string(capacity));
  if (capacity > most)
    throw error("a session for " + std::to_string(capacity) +
                " images is larger than any memory; ask for at most " + std::to_string(most));
  return capacity;
}

template void check_images(const basic_tensor<float>&, shape, long);
template void check_images(const basic_tensor<double>&, shape, long);
template void check_scores(std::span<const float>);
template void check_scores(std::span<const double>);

}  // namespace salient::detail
