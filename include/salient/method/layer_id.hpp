// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace salient {

/// Selects an activation by a template argument: a module path, `grad_cam<"layer4.1.conv2">`, where `"input"`
/// is the network's input; a number returned by `network::find`; or nothing, for the method's default.
struct layer_id {
  static constexpr std::size_t capacity = 128;
  char label[capacity]{};
  int index = -1;

  constexpr layer_id() = default;
  constexpr layer_id(int number) : index(number) {
    if (number < 0) throw "an activation's number must not be negative";
  }
  template <std::size_t N>
  consteval layer_id(const char (&name)[N]) {
    static_assert(N > 1, "a layer's name must not be empty");
    static_assert(N <= capacity, "a layer's name is at most 127 characters");
    for (std::size_t i = 0; i < N; ++i) label[i] = name[i];
  }

  constexpr bool by_default() const { return index < 0 && label[0] == '\0'; }
  friend constexpr bool operator==(const layer_id&, const layer_id&) = default;
};

inline constexpr layer_id default_layer{};

/// The activation in Network; negative if there is no such layer, there are several, or Id is the default.
template <class Network, layer_id Id>
inline constexpr int activation_of = Id.index > Network::output ? -1
                                     : Id.index >= 0            ? Id.index
                                                                : Network::find(std::string_view(Id.label));

}  // namespace salient
