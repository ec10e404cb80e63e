// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/rearrange.hpp"
#include "salient/layer/layer.hpp"

namespace salient {

/// Interleaves the channels of all groups: the first of each group, then the second of each. As PyTorch's
/// `ChannelShuffle(Groups)`. Zhang et al. 2017, arXiv:1707.01083.
template <int Groups>
struct channel_shuffle : layer_defaults {
  static_assert(Groups > 0, "channel_shuffle needs at least one group");

  static constexpr std::string_view name = "channel_shuffle";
  static constexpr std::string_view needs = "channels that its groups divide";
  static constexpr bool linear = true;
  static constexpr bool finishes = true;
  static constexpr bool strided = true;

  static constexpr bool accepts(shape in) { return in.elements() > 0 && in.channels % Groups == 0; }
  static constexpr shape output(shape in) { return in; }
  static constexpr std::optional<window> sees(shape) { return window{}; }

  template <class D, class T>
  static void forward(const D& d, const io<T>& t) {
    kernel::channel_shuffle(d, Groups, t.x, t.after, t.y);
  }
  template <class D, class T>
  static void backward(const D& d, auto, const io<T>& t) {
    kernel::channel_shuffle(d, t.dy.extent.channels / Groups, t.dy, t.after, t.dx);
  }
};

}  // namespace salient
