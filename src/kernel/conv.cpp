// SPDX-License-Identifier: MIT
#include "salient/kernel/conv.hpp"

#include "kernel/direct/direct.hpp"
#include "kernel/multiply.hpp"
#include "kernel/portable.hpp"
#include "kernel/sliding.hpp"
#include "salient/kernel/activation.hpp"

namespace salient::kernel {
namespace {

/// Some output rows of a batch, counted through all its images: row r is row r % H' of image r / H'.
struct rows {
  long first, last;
  constexpr long count() const { return last - first; }
};

/// Calls body(rows) for as many rows at a time as fit the scratch.
template <class F>
void for_each_chunk(long batch, const window& w, shape in, shape out, const F& body) {
  const long all = batch * out.height, step = patch_rows(w, in, out, batch);
  for (long first = 0; first < all; first += step) body(rows{first, std::min(first + step, all)});
}

/// patches (rows * W', KH KW I): what each window sees, zeros outside the image.
template <class D, class T>
void gather_patches(const D& d, rows chunk, const window& w, shape in, shape out, const T* x, T* patches) {
  const long depth = w.area() * in.channels, run = static_cast<long>(w.width) * in.channels;
  for_each(d, chunk.count() * out.width, static_cast<double>(depth), [=] SALIENT_HD(long p) {
    const long row = chunk.first + p / out.width;
    const int top = static_cast<int>(row % out.height) * w.stride_y - w.top;
    const int left = static_cast<int>(p % out.width) * w.stride_x - w.left;
    const int skip = left < 0 ? -left : 0;
    const int end = in.width - left < w.width ? in.width - left : w.width;
    const T* image = x + row / out.height * in.elements();
    T* to = patches + p * depth;
    for (int ky = 0; ky < w.height; ++ky, to += run) {
      const int y = top + ky;
      const bool inside = y >= 0 && y < in.height && end > skip;
      const long from = inside ? static_cast<long>(skip) * in.channels : run;
      const long until = inside ? static_cast<long>(end) * in.channels : run;
      const T* source = image + (static_cast<long>(y) * in.width + left) * in.channels;
      for (long i = 0; i < from; ++i) to[i] = T(0);
      for (long i = from; i < until; ++i) to[i] = source[i];
      for (long i = until; i < run; ++i) to[i] = T(0);
    }
  });
}

/// dx += the patches' values, each to the input it came from: the adjoint of gather_patches. Each input pixel
/// gathers from the windows over it, so that no two workers write one element and the order of sums is fixed.
template <class D, class T>
void scatter_patches(const D& d, rows chunk, const window& w, shape in, shape out, const T* patches, T* dx) {
  const long depth = w.area() * in.channels;
  const auto input_row = [&](long row,
                             int offset) {  // of the whole batch, cut to the image of output row `row`
    const long y = row % out.height * w.stride_y - w.top + offset;
    return row / out.height * in.height + std::clamp(y, 0L, static_cast<long>(in.height));
  };
  const long first = input_row(chunk.first, 0);
  const long last = input_row(chunk.last - 1, w.height);
  for_each(d, (last - first) * in.width, static_cast<double>(depth), [=] SALIENT_HD(long p) {
    const long row = first + p / in.width, n = row / in.height;
    const int x = static_cast<int>(p % in.width), y = static_cast<int>(row % in.height);
    const range ys = covering(y, w.stride_y, w.top, w.height, out.height);
    const range xs = covering(x, w.stride_x, w.left, w.width, out.width);
    T* to = dx + (row * in.width + x) * in.channels;
    for (int oy = ys.first; oy < ys.last; ++oy) {
      const long source_row = n * out.height + oy - chunk.first;
      if (source_row < 0 || source_row >= chunk.count()) continue;
      for (int ox = xs.first; ox < xs.last; ++ox) {
        const int ky = y + w.top - oy * w.stride_y, kx = x + w.left - ox * w.stride_x;
        const T* from = patches + (source_row * out.width + ox) * depth +
                        (static_cast<long>(ky) * w.width + kx) * in.channels;
        for (int c = 0; c < in.channels; ++c) to[c] += from[c];
      }
    }
  });
}

template <class D, class T>
void fill(const D& d, long size, T value, T* out) {
  for_each(d, size, 1, [=] SALIENT_HD(long i) { out[i] = value; });
}

template <class D, class T>
void conv_by_patches(const D& d, long batch, const window& w, shape in, shape out, const T* x,
                     const T* weight, const T* bias, T* y, T* scratch) {
  const long depth = w.area() * in.channels, filters = out.channels;
  if (w.pointwise())
    multiply(d, batch * out.positions(), filters, depth, x, weight, side::transposed, y);
  else
    for_each_chunk(batch, w, in, out, [&](rows chunk) {
      gather_patches(d, chunk, w, in, out, x, scratch);
      multiply(d, chunk.count() * out.width, filters, depth, scratch, weight, side::transposed,
               y + chunk.first * out.width * filters);
    });
  if (bias)
    for_each(d, batch * out.positions(), static_cast<double>(filters), [=] SALIENT_HD(long p) {
      for (long o = 0; o < filters; ++o) y[p * filters + o] += bias[o];
    });
}

template <class D, class T>
void conv_input_gradient_by_patches(const D& d, long batch, const window& w, shape in, shape out, const T* dy,
                                    const T* weight, T* dx, T* scratch) {
  const long depth = w.area() * in.channels, filters = out.channels;
  if (w.pointwise()) return multiply(d, batch * out.positions(), depth, filters, dy, weight, side::plain, dx);
  fill(d, batch * in.elements(), T(0), dx);
  for_each_chunk(batch, w, in, out, [&](rows chunk) {
    multiply(d, chunk.count() * out.width, depth, filters, dy + chunk.first * out.width * filters, weight,
             side::plain, scratch);
    scatter_patches(d, chunk, w, in, out, scratch, dx);
  });
}

template <class D, class T>
void conv_weight_gradient_by_patches(const D& d, long batch, const window& w, shape in, shape out, const T* x,
                                     const T* dy, T* dweight, T* dbias, T* scratch) {
  const long depth = w.area() * in.channels, filters = out.channels;
  T* patches = scratch;
  T* transposed = patches + conv_scratch(w, in, out, batch);
  T* partial = transposed + patch_rows(w, in, out, batch) * out.width * filters;
  fill(d, filters * depth, T(0), dweight);
  if (dbias) fill(d, filters, T(0), dbias);
  for_each_chunk(batch, w, in, out, [&](rows chunk) {
    const long count = chunk.count() * out.width;
    const T* signal = dy + chunk.first * out.width * filters;
    gather_patches(d, chunk, w, in, out, x, patches);
    for_each(d, filters, static_cast<double>(count), [=] SALIENT_HD(long o) {
      T sum = 0;
      for (long p = 0; p < count; ++p) sum += transposed[o * count + p] = signal[p * filters + o];
      if (dbias) dbias[o] += sum;
    });
    multiply(d, filters, depth, count, transposed, patches, side::plain, partial);
    for_each(d, filters * depth, 1, [=] SALIENT_HD(long i) { dweight[i] += partial[i]; });
  });
}

/// What a convolution costs, forward or backward.
double multiply_adds(long batch, const window& w, shape in, shape out) {
  return static_cast<double>(batch * out.elements() * w.area() * in.channels);
}

}  // namespace

template <class T, class D>
bool reads_packed(const D& d) {
  if constexpr (has_direct<D, T>)
    return d.kernels() == implementation::direct;
  else
    return false;
}

template <class D, class T>
void pack(const D&, const window& w, int channels, int filters, long first, long count, const T* weight,
          T* packed) {
  if constexpr (has_direct<D, T>) direct::pack(w, filters, channels, first, count, weight, packed);
}

template <class D, class T>
void unpack(const D&, const window& w, int channels, int filters, const T* packed, T* weight) {
  if constexpr (has_direct<D, T>) direct::unpack(w, filters, channels, packed, weight);
}

template <class D, class T>
void conv(const D& d, long batch, const window& w, shape in, shape out, const T* x, const T* weight,
          const T* packed, const T* bias, const finish& after, T* y, T* scratch) {
  if constexpr (has_direct<D, T>) {
    const double work = vectorised(multiply_adds(batch, w, in, out));
    if (packed)
      return share_out(d, work, [&](share s) {
        direct::convolve(direct::forward_sweep(batch, w, in, out), s, x, packed, bias, after, y);
      });
    if (w.pointwise() && reads_packed<T>(d))
      return share_out(d, work, [&](share s) {
        direct::dense(s, batch * out.positions(), in.channels, out.channels, x, weight, bias, after, y);
      });
  }
  conv_by_patches(d, batch, w, in, out, x, weight, bias, y, scratch);
  apply(d, after, batch * out.elements(), y, y);
}

template <class D, class T>
void conv_input_gradient(const D& d, long batch, const window& w, shape in, shape out, const T* dy,
                         const T* weight, const T* packed, const finish& after, T* dx, T* scratch) {
  if constexpr (has_direct<D, T>) {
    const double work = vectorised(multiply_adds(batch, w, in, out));
    if (packed)
      return share_out(d, work, [&](share s) {
        for (int y = 0; y < w.stride_y; ++y)
          for (int x = 0; x < w.stride_x; ++x)
            direct::convolve(direct::adjoint_sweep(batch, w, in, out, y, x), s, dy, packed, nullptr, after,
                             dx);
      });
    if (w.pointwise() && reads_packed<T>(d))
      return share_out(d, work, [&](share s) {
        direct::dense_input_gradient(s, batch * out.positions(), in.channels, out.channels, dy, weight, after,
                                     dx);
      });
  }
  conv_input_gradient_by_patches(d, batch, w, in, out, dy, weight, dx, scratch);
  apply(d, after, batch * in.elements(), dx, dx);
}

template <class D, class T>
void conv_weight_gradient(const D& d, long batch, const window& w, shape in, shape out, const T* x,
                          const T* dy, T* dweight, T* dbias, T* scratch) {
  if constexpr (has_direct<D, T>)
    if (reads_packed<T>(d)) {
      direct::padded_images images{};
      share_out(d, elementwise(padded_elements(w, in, out, batch)), [&](share s) {
        const auto padded = direct::pad(s, batch, w, in, out, x, scratch);
        if (s.part == 0) images = padded;
      });
      const double work = vectorised(multiply_adds(batch, w, in, out));
      return share_out(d, work, [&](share s) {
        direct::weight_gradient(s, batch, w, in, out, images, dy, dweight, dbias);
      });
    }
  conv_weight_gradient_by_patches(d, batch, w, in, out, x, dy, dweight, dbias, scratch);
}

#define KERNELS(D, T)                                                                                     \
  template bool reads_packed<T>(const D&);                                                                \
  template void pack(const D&, const window&, int, int, long, long, const T*, T*);                        \
  template void unpack(const D&, const window&, int, int, const T*, T*);                                  \
  template void conv(const D&, long, const window&, shape, shape, const T*, const T*, const T*, const T*, \
                     const finish&, T*, T*);                                                              \
  template void conv_input_gradient(const D&, long, const window&, shape, shape, const T*, const T*,      \
                                    const T*, const finish&, T*, T*);                                     \
  template void conv_weight_gradient(const D&, long, const window&, shape, shape, const T*, const T*, T*, \
                                     T*, T*);
SALIENT_INSTANTIATE(KERNELS)

}  // namespace salient::kernel
