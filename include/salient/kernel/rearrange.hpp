// SPDX-License-Identifier: MIT
#pragma once

#include "salient/core/export.hpp"
#include "salient/kernel/epilogue.hpp"

namespace salient::kernel {

/// The position of one batch's first element in the rows, columns and channels of another.
struct offset {
  int top = 0, left = 0, front = 0;

  constexpr offset operator-() const { return {-top, -left, -front}; }
};

/// y = epilogue(x shifted by an offset): y(h, w, c) = x(h - top, w - left, c - front), or 0 where x has no
/// such element. Pads with zeros where the offset is positive or y is larger; crops where the offset is
/// negative or y is smaller. The adjoint is the same with the negated offset.
template <class D, class T>
SALIENT_EXPORT void pad(const D&, const offset&, const view<const T>& x, const epilogue<T>&,
                        const view<T>& y);

/// y = epilogue(x with shuffled channels), as PyTorch's ChannelShuffle: channels as a matrix groups x C /
/// groups, transposed. `groups` must divide C; the inverse and adjoint has C / groups groups.
template <class D, class T>
SALIENT_EXPORT void channel_shuffle(const D&, int groups, const view<const T>& x, const epilogue<T>&,
                                    const view<T>& y);

}  // namespace salient::kernel
