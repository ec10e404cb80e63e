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

/// Transposes a 4x4 block: `from` is contiguous along rows, `to` along columns. Multiplies column k by
/// scale[k] unless that is null.
inline void transpose_four(const matrix<const float>& from, const matrix<float>& to, long i, long j,
                           const float* scale) {
#if HWY_TARGET == HWY_SCALAR
  for (long k = 0; k < 4; ++k)
    for (long l = 0; l < 4; ++l)
      to(i + k, j + l) = scale ? scale[j + l] * from(i + k, j + l) : from(i + k, j + l);
#else
  const hn::FixedTag<float, 4> d;
  const auto row = [&](long k) { return hn::LoadU(d, &from(i + k, j)); };
  const auto column = [&](long k, auto v) {
    hn::StoreU(scale ? hn::Mul(hn::Set(d, scale[j + k]), v) : v, d, &to(i, j + k));
  };
  const auto first = row(0), second = row(1), third = row(2), fourth = row(3);
  const auto odd = hn::InterleaveLower(d, first, third), even = hn::InterleaveLower(d, second, fourth);
  column(0, hn::InterleaveLower(d, odd, even));
  column(1, hn::InterleaveUpper(d, odd, even));
  const auto odd_on = hn::InterleaveUpper(d, first, third), even_on = hn::InterleaveUpper(d, second, fourth);
  column(2, hn::InterleaveLower(d, odd_on, even_on));
  column(3, hn::InterleaveUpper(d, odd_on, even_on));
#endif
}

/// to(i, j) = from(i, j) for i < rows and j < columns, multiplied by scale[j] unless that is null. Runs in
/// vectors if `from` is contiguous along rows and `to` along columns.
inline void copy_matrix(long rows, long columns, const matrix<const float>& from, const matrix<float>& to,
                        const float* scale) {
  const bool in_vectors = from.column == 1 && to.row == 1;
  const long whole_rows = in_vectors ? rows / 4 * 4 : 0, whole_columns = in_vectors ? columns / 4 * 4 : 0;
  for (long i = 0; i < whole_rows; i += 4)
    for (long j = 0; j < whole_columns; j += 4) transpose_four(from, to, i, j, scale);
  for (long i = 0; i < rows; ++i)
    for (long j = i < whole_rows ? whole_columns : 0; j < columns; ++j)
      to(i, j) = scale ? scale[j] * from(i, j) : from(i, j);
}

}  // namespace salient::kernel::direct::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
