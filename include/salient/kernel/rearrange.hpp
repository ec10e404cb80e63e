// SPDX-License-Identifier: MIT
#pragma once

#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

/// Where the first element of one batch of feature maps stands in another's rows, columns and channels.
struct offset {
  int top = 0, left = 0, front = 0;

  constexpr offset operator-() const { return {-top, -left, -front}; }
};

/// y = the epilogue of x moved by an offset: y(h, w, c) = x(h - top, w - left, c - front), or 0 where x has
/// no such element. Pads with zeros where the offset is positive or y is larger, crops where it is negative
/// or y is smaller, in space or in channels; the adjoint is the same with the offset negated.
template <class D, class T>
void pad(const D&, const offset&, const view<const T>& x, const epilogue<T>&, const view<T>& y);

/// y = the epilogue of x with its channels shuffled, as PyTorch's ChannelShuffle: channels as a matrix of
/// groups x C / groups, transposed. `groups` divides C; the inverse, and adjoint, has C / groups of them.
template <class D, class T>
void channel_shuffle(const D&, int groups, const view<const T>& x, const epilogue<T>&, const view<T>& y);

}  // namespace salient::kernel
