// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "salient/core/error.hpp"
#include "salient/core/picture.hpp"
#include "salient/core/tensor.hpp"

namespace salient::view_detail {

/// Both types have public members that may contradict each other, so every public function checks them first.
template <class T>
void check(const basic_tensor<T>& map, const std::string& who) {
  const shape s = map.extent;
  if (map.batch < 0 || s.height <= 0 || s.width <= 0 || s.channels <= 0 ||
      map.values.size() != static_cast<std::size_t>(map.batch * s.elements()))
    throw error(who + ": a tensor of " + std::to_string(map.batch) + " images of " +
                std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels) +
                " cannot hold " + std::to_string(map.values.size()) +
                " values; make it with tensor(shape, batch)");
}

inline void check(const picture& p, const std::string& who) {
  if (p.height < 0 || p.width < 0 || (p.channels != 1 && p.channels != 3) ||
      p.bytes.size() != static_cast<std::size_t>(p.height) * static_cast<std::size_t>(p.width) *
                            static_cast<std::size_t>(p.channels))
    throw error(who + ": a picture of " + std::to_string(p.height) + "x" + std::to_string(p.width) + "x" +
                std::to_string(p.channels) + " cannot hold " + std::to_string(p.bytes.size()) +
                " bytes; pictures are grey (1 channel) or RGB (3)");
}

/// Colour maps take one image of a one-channel batch.
template <class T>
void check_plane(const basic_tensor<T>& map, long image, const std::string& who) {
  check(map, who);
  if (map.extent.channels != 1)
    throw error(who + ": needs a map of 1 channel, got " + std::to_string(map.extent.channels) +
                "; reduce it first, for example with channel_sum");
  if (image < 0 || image >= map.batch)
    throw error(who + ": there is no image " + std::to_string(image) + " in a batch of " +
                std::to_string(map.batch) + "; count from 0");
}

}  // namespace salient::view_detail
