// SPDX-License-Identifier: MIT
#include "salient/graph/session.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "salient/core/error.hpp"
#include "salient/core/finite.hpp"

namespace salient::detail {
namespace {

std::string to_string(shape s) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels);
}

}  // namespace

template <class T>
void check_extent(const basic_tensor<T>& images, shape expected, long capacity) {
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
}

template <class T>
void check_pixels(const basic_tensor<T>& images) {
  if (all_finite(std::span<const T>(images.values))) return;
  const auto first = std::ranges::find_if_not(images.values, [](const T& v) { return is_finite(v); });
  throw error("the image has a value that is not finite at element " +
              std::to_string(first - images.values.begin()) + " of " + std::to_string(images.values.size()) +
              "; saliency of it means nothing");
}

template <class T>
void check_images(const basic_tensor<T>& images, shape expected, long capacity) {
  check_extent(images, expected, capacity);
  check_pixels(images);
}

long checked_capacity(long capacity, long most) {
  if (capacity < 1)
    throw error("a session needs room for at least one image, got " + std::to_string(capacity));
  if (capacity > most)
    throw error("a session for " + std::to_string(capacity) +
                " images is larger than any memory; ask for at most " + std::to_string(most));
  return capacity;
}

side_sessions::side_sessions() = default;
side_sessions::~side_sessions() = default;
side_sessions::side_sessions(side_sessions&&) noexcept = default;
side_sessions& side_sessions::operator=(side_sessions&&) noexcept = default;

void* side_sessions::get(const kind& k, const void* model, long capacity) {
  const auto found = std::ranges::find(kept_, &k, &one::of);
  if (found != kept_.end() && found->capacity >= capacity) return found->session.get();
  if (found != kept_.end()) kept_.erase(found);
  kept_.reserve(kept_.size() + 1);  // may throw, so before the session is made
  kept_.push_back({&k, capacity, {k.make(model, capacity), k.destroy}});
  return kept_.back().session.get();
}

template void check_extent(const basic_tensor<float>&, shape, long);
template void check_pixels(const basic_tensor<float>&);
template void check_images(const basic_tensor<float>&, shape, long);
template void check_images(const basic_tensor<double>&, shape, long);

}  // namespace salient::detail
