// SPDX-License-Identifier: MIT
#include "salient/kernel/conv.hpp"

#include "kernel/cuda/product.hpp"
#include "kernel/depthwise.hpp"
#include "kernel/direct/direct.hpp"
#include "kernel/epilogue.hpp"
#include "kernel/multiply.hpp"
#include "kernel/patches.hpp"
#include "kernel/rows.hpp"
#include "salient/kernel/elementwise.hpp"

namespace salient::kernel {
namespace {

template <class D, class T>
void conv_by_patches(const D& d, const conv_problem& p, const view<const T>& x, const conv_weights<T>& w,
                     const epilogue<T>& e, const view<T>& y, T* scratch) {
  const long depth = p.patch();
  const int filters = p.filters / p.groups, width = y.extent.width;
  const auto finish = [&](long first, long last, const channel_range& channels, const T* sums) {
    const T* const bias = w.bias;
    const long step = channels.count;
    write_results(d, y, e, {first, last, channels}, 1, [=] SALIENT_HD(long position, int c) {
      const T sum = sums[(position - first) * step + c - channels.first];
      return bias ? sum + bias[c] : sum;
    });
  };
  if (p.groups == 1 && p.w.pointwise() && x.contiguous() && y.contiguous() && !reads_output(e, y)) {
    multiply(d, {y.positions(), filters, depth}, x.data, w.weight, side::transposed, y.data);
    return finish(0, y.positions(), {0, filters}, y.data);
  }
  T* const sums = scratch + patch_rows(p, y.extent, y.batch) * width * depth;
  for (int g = 0; g < p.groups; ++g)
    for_each_chunk(p, y.extent, y.batch, [&](rows chunk) {
      gather_patches(d, chunk, p.w, x.channels(g * p.depth(), p.depth()), y.extent, scratch);
      multiply(d, {chunk.count() * width, filters, depth}, scratch, w.weight + g * filters * depth,
               side::transposed, sums);
      finish(chunk.first * width, chunk.last * width, {g * filters, filters}, sums);
    });
}

/// Sums up the input gradient of one group while patches arrive row by row. Complete input rows are written;
/// partial sums are kept for the next patches.
template <class T>
class input_sums {
 public:
  input_sums(const window& w, shape in, shape out, T* kept)
      : w_(w),
        in_(in),
        out_(out),
        kept_rows_(w.reach_y() - 1),
        kept_columns_(std::min(in.width, out.width * w.stride_x + w.reach_x())),
        kept_(kept) {}

  template <class D>
  void add(const D& d, rows chunk, bool last, const T* patches, const epilogue<T>& e, const view<T>& dx,
           const channel_range& channels) {
    const long complete = last ? dx.batch * in_.height : input_row(chunk.last, 0);
    const long reached = input_row(chunk.last - 1, w_.reach_y());
    const scattered<T> sums(chunk, w_, in_, out_, patches);
    const input_sums so_far = *this;
    const long width = in_.width;
    write_results(d, dx, e, {written_ * width, complete * width, channels}, static_cast<double>(w_.area()),
                  [=] SALIENT_HD(long position, int c) {
                    const int own = c - channels.first;
                    return so_far.kept(position, own) + sums(position, own);
                  });
    const int depth = channels.count;
    if (reached > complete)
      for_each(d, (reached - complete) * kept_columns_ * depth, static_cast<double>(w_.area()),
               [=] SALIENT_HD(long i) {
                 const int c = static_cast<int>(i % depth);
                 const long position =
                     (complete + i / depth / so_far.kept_columns_) * width + i / depth % so_far.kept_columns_;
                 *so_far.place_of(position, c) = so_far.kept(position, c) + sums(position, c);
               });
    written_ = complete;
    reached_ = std::max(reached, complete);
  }

 private:
  /// Row in the whole batch of the input that output row `row` reads, `offset` below its first, clamped
  /// to the image.
  long input_row(long row, int offset) const {
    const long y = row % out_.height * w_.stride_y - w_.top + offset;
    return row / out_.height * in_.height + std::clamp(y, 0L, static_cast<long>(in_.height));
  }

  SALIENT_HD T* place_of(long position, int c) const {
    const long row = position / in_.width, column = position % in_.width;
    return kept_ + (row % kept_rows_ * kept_columns_ + column) * in_.channels + c;
  }
  SALIENT_HD T kept(long position, int c) const {
    const long row = position / in_.width;
    return row < reached_ && position % in_.width < kept_columns_ ? *place_of(position, c) : T(0);
  }

  window w_;
  shape in_, out_;
  long kept_rows_;
  int kept_columns_;
  T* kept_;  ///< input row r of the batch is kept at r % kept_rows_
  long written_ = 0, reached_ = 0;
};

template <class D, class T>
void conv_input_gradient_by_patches(const D& d, const conv_problem& p, const view<const T>& dy,
                                    const conv_weights<T>& w, const epilogue<T>& e, const view<T>& dx,
                                    T* scratch) {
  const long depth = p.patch();
  const int filters = p.filters / p.groups, width = dy.extent.width;
  if (p.groups == 1 && p.w.pointwise() && !w.scale && dy.contiguous() && dx.contiguous() &&
      !reads_output(e, dx)) {
    multiply(d, {dy.positions(), depth, filters}, dy.data, w.weight, side::plain, dx.data);
    return apply<D, T>(d, dx, e, dx);
  }
  const long rows_at_once = patch_rows(p, dy.extent, dy.batch) * width;
  T* const signal = scratch + rows_at_once * depth;
  for (int g = 0; g < p.groups; ++g) {
    const view<const T> own = dy.channels(g * filters, filters);
    const T* const scale = w.scale ? w.scale + g * filters : nullptr;
    shape in = dx.extent;
    in.channels = p.depth();
    input_sums<T> sums(p.w, in, dy.extent, signal + rows_at_once * filters);
    for_each_chunk(p, dy.extent, dy.batch, [&](rows chunk) {
      const long first = chunk.first * width, count = chunk.count() * width;
      for_each(d, count * filters, 1, [=] SALIENT_HD(long i) {
        const T v = own.at(first + i / filters)[i % filters];
        signal[i] = scale ? scale[i % filters] * v : v;
      });
      multiply(d, {count, depth, filters}, signal, w.weight + g * filters * depth, side::plain, scratch);
      sums.add(d, chunk, chunk.last == dy.batch * dy.extent.height, scratch, e, dx,
               {g * p.depth(), p.depth()});
    });
  }
}

template <class D, class T>
void conv_weight_gradient_by_patches(const D& d, const conv_problem& p, const view<const T>& x,
                                     const view<const T>& dy, const conv_gradients<T>& to, T* scratch) {
  const long depth = p.patch(), width = dy.extent.width;
  const int filters = p.filters / p.groups;
  const long rows_at_once = patch_rows(p, dy.extent, dy.batch) * width;
  T* const patches = scratch;
  T* const transposed = patches + rows_at_once * depth;
  T* const partial = transposed + rows_at_once * filters;
  for (int g = 0; g < p.groups; ++g) {
    const view<const T> own = dy.channels(g * filters, filters);
    T* const dweight = to.dweight + g * filters * depth;
    T* const dbias = to.dbias ? to.dbias + g * filters : nullptr;
    for_each_chunk(p, dy.extent, dy.batch, [&](rows chunk) {
      const long first = chunk.first * width, count = chunk.count() * width;
      const bool begins = chunk.first == 0;
      gather_patches(d, chunk, p.w, x.channels(g * p.depth(), p.depth()), dy.extent, patches);
      if constexpr (has_threads<D>) {
        for_each(d, count * filters, 1, [=] SALIENT_HD(long i) {
          transposed[i % filters * count + i / filters] = own.at(first + i / filters)[i % filters];
        });
        if (dbias)
          sum_positions(
              d, count, filters, [=] SALIENT_HD(long q, int o) { return own.at(first + q)[o]; },
              [=] SALIENT_HD(int o, double sum) {
                dbias[o] = static_cast<T>(begins ? sum : dbias[o] + sum);
              });
      } else {
        for_each(d, filters, static_cast<double>(count), [=] SALIENT_HD(long o) {
          T sum = 0;
          for (long q = 0; q < count; ++q) sum += transposed[o * count + q] = own.at(first + q)[o];
          if (dbias) dbias[o] = begins ? sum : dbias[o] + sum;
        });
      }
      multiply(d, {filters, depth, count}, transposed, patches, side::plain, partial);
      for_each(d, filters * depth, 1,
               [=] SALIENT_HD(long i) { dweight[i] = begins ? partial[i] : dweight[i] + partial[i]; });
    });
  }
}

/// Multiply-adds of a convolution, forward or backward.
double multiply_adds(const conv_problem& p, const view<const float>& out) {
  return static_cast<double>(out.elements() * p.patch());
}

template <class D>
bool by_winograd(const D& d, const conv_problem& p, shape in) {
  return d.kernels() == implementation::fastest && suits_winograd(p, in);
}

template <class D>
void multiply_on_gpu(const D& d, const conv_problem& p, shape in, const cuda::product_problem& product) {
  if (by_winograd(d, p, in) && cuda::gains_by_winograd(d, product)) return cuda::enqueue_winograd(d, product);
  cuda::enqueue_product(d, product);
}

}  // namespace

template <class T, class D>
bool reads_packed(const D& d) {
  if constexpr (has_direct<D, T>)
    return d.kernels() != implementation::eigen;
  else
    return false;
}

template <class D, class T>
void pack(const D&, const conv_problem& p, long first, long count, const T* weight, T* packed) {
  if constexpr (has_direct<D, T>)
    if (!p.depthwise()) direct::pack(p, first, count, weight, packed);
}

template <class D, class T>
void unpack(const D&, const conv_problem& p, const T* packed, T* weight) {
  if constexpr (has_direct<D, T>)
    if (!p.depthwise()) direct::unpack(p, packed, weight);
}

template <class D, class T>
void conv(const D& d, const conv_problem& p, const view<const T>& x, const conv_weights<T>& w,
          const epilogue<T>& e, const view<T>& y, T* scratch) {
  if constexpr (has_direct<D, T>) {
    const double work = vectorised(multiply_adds(p, y));
    if (w.packed) {
      const direct::convolution c{direct::forward_sweep(y.batch, p, x.extent, y.extent),
                                  p.groups,
                                  x,
                                  w.packed,
                                  w.bias,
                                  nullptr,
                                  e,
                                  y};
      if (by_winograd(d, p, x.extent)) return share_out(d, work, direct::winograd{c});
      return share_out(d, work, c);
    }
    if (p.groups == 1 && p.w.pointwise() && reads_packed<T>(d))
      return share_out(d, work, direct::dense{x, w.weight, w.bias, e, y});
    if (p.depthwise() && reads_packed<T>(d))
      return share_out(d, work,
                       direct::depthwise{direct::forward_sweep(y.batch, p, x.extent, y.extent),
                                         p.filters / p.channels, x, w.weight, w.bias, nullptr, e, y});
  }
  if (p.depthwise()) return depthwise(d, p, x, w, e, y);
  if constexpr (has_threads<D>)
    if (d.kernels() != implementation::eigen)
      return multiply_on_gpu(d, p, x.extent, cuda::forward_product(p, x, w, e, y));
  conv_by_patches(d, p, x, w, e, y, scratch);
}

template <class D, class T>
void conv_input_gradient(const D& d, const conv_problem& p, const view<const T>& dy, const conv_weights<T>& w,
                         const epilogue<T>& e, const view<T>& dx, T* scratch) {
  if constexpr (has_direct<D, T>) {
    const double work = vectorised(multiply_adds(p, dy));
    if (w.packed && by_winograd(d, p, dx.extent))
      return share_out(d, work,
                       direct::winograd{{direct::adjoint_sweep(dx.batch, p, dx.extent, dy.extent, 0, 0),
                                         p.groups, dy, w.packed, nullptr, w.scale, e, dx}});
    if (w.packed)
      return share_out(d, work, [&](share part) {
        direct::for_each_adjoint_sweep(dx.batch, p, dx.extent, dy.extent, [&](const direct::sweep& s) {
          direct::convolution{s, p.groups, dy, w.packed, nullptr, w.scale, e, dx}(part);
        });
      });
    if (p.groups == 1 && p.w.pointwise() && reads_packed<T>(d))
      return share_out(d, work, direct::dense_input_gradient{dy, w.weight, w.scale, e, dx});
    if (p.depthwise() && reads_packed<T>(d))
      return share_out(d, work, [&](share part) {
        direct::for_each_adjoint_sweep(dx.batch, p, dx.extent, dy.extent, [&](const direct::sweep& s) {
          direct::depthwise{s, p.filters / p.channels, dy, w.weight, nullptr, w.scale, e, dx}(part);
        });
      });
  }
  if (p.depthwise()) return depthwise_input_gradient(d, p, dy, w, e, dx);
  if constexpr (has_threads<D>)
    if (d.kernels() != implementation::eigen)
      return multiply_on_gpu(d, p, dx.extent, cuda::adjoint_product(p, dy, w, e, dx));
  conv_input_gradient_by_patches(d, p, dy, w, e, dx, scratch);
}

template <class D, class T>
void conv_weight_gradient(const D& d, const conv_problem& p, const view<const T>& x, const view<const T>& dy,
                          const conv_gradients<T>& to, T* scratch) {
  if constexpr (has_direct<D, T>)
    if (reads_packed<T>(d)) {
      direct::padded_images images{};
      share_out(d, elementwise(padded_elements(p, x.extent, dy.extent, x.batch)), [&](share s) {
        const auto padded = direct::pad(s, p, x, dy.extent, scratch);
        if (s.part == 0) images = padded;
      });
      const double work = vectorised(multiply_adds(p, dy));
      if (p.depthwise())
        share_out(d, work, direct::depthwise_weight_gradient{p, images, dy, to.dweight});
      else
        share_out(d, work, direct::weight_gradient{p, images, dy, to.dweight});
      if (to.dbias) share_out(d, elementwise(dy.elements()), direct::bias_gradient{dy, to.dbias});
      return;
    }
  if (p.depthwise()) return depthwise_weight_gradient(d, p, x, dy, to);
  conv_weight_gradient_by_patches(d, p, x, dy, to, scratch);
}

#define KERNELS(D, T)                                                                                \
  template bool reads_packed<T>(const D&);                                                           \
  template void pack(const D&, const conv_problem&, long, long, const T*, T*);                       \
  template void unpack(const D&, const conv_problem&, const T*, T*);                                 \
  template void conv(const D&, const conv_problem&, const view<const T>&, const conv_weights<T>&,    \
                     const epilogue<T>&, const view<T>&, T*);                                        \
  template void conv_input_gradient(const D&, const conv_problem&, const view<const T>&,             \
                                    const conv_weights<T>&, const epilogue<T>&, const view<T>&, T*); \
  template void conv_weight_gradient(const D&, const conv_problem&, const view<const T>&,            \
                                     const view<const T>&, const conv_gradients<T>&, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
