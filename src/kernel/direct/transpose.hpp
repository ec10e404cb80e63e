// SPDX-License-Identifier: MIT

// Matrix transpose. Highway includes this once for each instruction set.

#if defined(SALIENT_KERNEL_DIRECT_TRANSPOSE) == defined(HWY_TARGET_TOGGLE)
#ifdef SALIENT_KERNEL_DIRECT_TRANSPOSE
#undef SALIENT_KERNEL_DIRECT_TRANSPOSE
#else
#define SALIENT_KERNEL_DIRECT_TRANSPOSE
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace salient::kernel::direct::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A matrix with arbitrary strides: `row` elements between rows, `column` between columns.
template <class T>
struct matrix {
  T* at;
  long row, column;

  T& operator()(long i, long j) const { return at[i * row + j * column]; }
};

#if HWY_TARGET == HWY_SCALAR
template <class D>
HWY_INLINE void transpose_four(D, const matrix<const float>& from, const matrix<float>& to, long i, long j,
                               const float* scale) {
  for (long l = 0; l < 4; ++l) to(i, j + l) = scale ? scale[j + l] * from(i, j + l) : from(i, j + l);
}
#else
/// Blocks of four neighbours in one vector, `step` elements from one block to the next.
template <class D>
HWY_INLINE hn::Vec<D> load_blocks(D d, const float* from, long step) {
  if constexpr (hn::MaxLanes(D()) <= 4) {
    return hn::LoadU(d, from);
  } else {
    const hn::Half<D> half;
    constexpr long blocks = hn::MaxLanes(hn::Half<D>()) / 4;
    return hn::Combine(d, load_blocks(half, from + blocks * step, step), load_blocks(half, from, step));
  }
}

/// Transposes as many rows as D has lanes, and four columns: `from` is contiguous along rows, `to` along
/// columns. Multiplies column k by scale[k] unless that is null.
template <class D>
HWY_INLINE void transpose_four(D d, const matrix<const float>& from, const matrix<float>& to, long i, long j,
                               const float* scale) {
  const auto row = [&](long k) { return load_blocks(d, &from(i + k, j), 4 * from.row); };
  const auto column = [&](long k, auto v) {
    hn::StoreU(scale ? hn::Mul(hn::Set(d, scale[j + k]), v) : v, d, &to(i, j + k));
  };
  // These instructions work on each block of four.
  const auto first = row(0), second = row(1), third = row(2), fourth = row(3);
  const auto odd = hn::InterleaveLower(d, first, third), even = hn::InterleaveLower(d, second, fourth);
  column(0, hn::InterleaveLower(d, odd, even));
  column(1, hn::InterleaveUpper(d, odd, even));
  const auto odd_on = hn::InterleaveUpper(d, first, third), even_on = hn::InterleaveUpper(d, second, fourth);
  column(2, hn::InterleaveLower(d, odd_on, even_on));
  column(3, hn::InterleaveUpper(d, odd_on, even_on));
}
#endif

/// to(i, j) = from(i, j) for i < rows and j < columns, multiplied by scale[j] unless that is null. Runs in
/// vectors if `from` is contiguous along rows and `to` along columns.
inline void copy_matrix(long rows, long columns, const matrix<const float>& from, const matrix<float>& to,
                        const float* scale) {
  const hn::ScalableTag<float> most;
  const hn::CappedTag<float, 4> least;
  const bool in_vectors = from.column == 1 && to.row == 1;
  const long whole_columns = in_vectors ? columns / 4 * 4 : 0;
  long whole_rows = 0;
  const auto transpose = [&](auto d) {
    constexpr auto height = static_cast<long>(hn::MaxLanes(decltype(d)()));
    for (; whole_columns > 0 && whole_rows + height <= rows; whole_rows += height)
      for (long j = 0; j < whole_columns; j += 4) transpose_four(d, from, to, whole_rows, j, scale);
  };
  transpose(most);
  transpose(least);
  for (long i = 0; i < rows; ++i)
    for (long j = i < whole_rows ? whole_columns : 0; j < columns; ++j)
      to(i, j) = scale ? scale[j] * from(i, j) : from(i, j);
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
