// SPDX-License-Identifier: MIT
#include "salient/kernel/rearrange.hpp"

#include "kernel/rows.hpp"
#include "kernel/sliding.hpp"

namespace salient::kernel {
namespace {

template <class T>
struct moved_row {
  offset o;
  view<const T> x;
  int channels_out;
  places outputs;

  template <class W>
  SALIENT_HD void operator()(long position, channel_range channels, W& write) const {
    const place at = outputs(position);
    const int row = at.y - o.top, column = at.x - o.left;
    const bool inside = row >= 0 && row < x.extent.height && column >= 0 && column < x.extent.width;
    const int first = inside ? o.front : channels_out, last = inside ? o.front + x.extent.channels : 0;
    const T* const from = inside ? x.at((at.n * x.extent.height + row) * x.extent.width + column) : nullptr;
    for (int c = channels.first; c < channels.last(); ++c)
      write(c, c >= first && c < last ? from[c - o.front] : T(0));
  }
};

template <class T>
struct shuffled_row {
  divider groups;
  view<const T> x;

  template <class W>
  SALIENT_HD void operator()(long position, channel_range channels, W& write) const {
    const T* const from = x.at(position);
    const int each = x.extent.channels / groups.by();
    for (int c = channels.first; c < channels.last(); ++c) {
      const int of_group = static_cast<int>(groups(static_cast<unsigned>(c)));
      write(c, from[(c - of_group * groups.by()) * each + of_group]);
    }
  }
};

}  // namespace

template <class D, class T>
void pad(const D& d, const offset& o, const view<const T>& x, const epilogue<T>& e, const view<T>& y) {
  write_rows(d, y, e, 1, 8, moved_row<T>{o, x, y.extent.channels, places(y.extent)});
}

template <class D, class T>
void channel_shuffle(const D& d, int groups, const view<const T>& x, const epilogue<T>& e, const view<T>& y) {
  write_rows(d, y, e, 1, 8, shuffled_row<T>{divider(groups), x});
}

#define KERNELS(D, T)                                                                                   \
  template void pad(const D&, const offset&, const view<const T>&, const epilogue<T>&, const view<T>&); \
  template void channel_shuffle(const D&, int, const view<const T>&, const epilogue<T>&, const view<T>&);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
