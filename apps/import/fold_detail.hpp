// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "import/fold.hpp"

namespace importer::detail {

/// Shape arithmetic has few elements. Weights are transposed and reshaped, but not computed with.
inline constexpr std::int64_t most_elements = 1 << 22;

inline constexpr std::size_t most_dimensions = 16;

/// Elements of either type, computed as doubles, which hold every integer that a shape has.
inline constant like(const constant& c, dimensions extent, const std::vector<double>& elements) {
  if (!c.integers) return floats_of(std::move(extent), {elements.begin(), elements.end()});
  std::vector<std::int64_t> whole;
  whole.reserve(elements.size());
  for (const double e : elements) {
    if (!(std::abs(e) < 9e15)) throw refusal{"an integer is too large"};
    whole.push_back(static_cast<std::int64_t>(e));
  }
  return integers_of(std::move(extent), std::move(whole));
}

inline void bound(std::int64_t count) {
  if (count < 0 || count > most_elements)
    throw refusal{"a computed constant of " + std::to_string(count) + " elements is too large"};
}

inline std::int64_t bounded_count(const dimensions& d) {
  if (d.size() > most_dimensions) throw refusal{"a constant has " + std::to_string(d.size()) + " dimensions"};
  std::int64_t count = 1;
  for (const std::int64_t n : d) {
    if (n < 0) throw refusal{"a negative dimension in " + text_of(d)};
    bound(n);
    count *= n;
    bound(count);
  }
  return count;
}

inline dimensions broadcast(const dimensions& a, const dimensions& b) {
  dimensions d(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < d.size(); ++i) {
    const auto from_back = [&](const dimensions& of) { return i < of.size() ? of[of.size() - 1 - i] : 1; };
    const std::int64_t x = from_back(a), y = from_back(b);
    if (x != y && x != 1 && y != 1) throw refusal{text_of(a) + " and " + text_of(b) + " do not fit together"};
    d[d.size() - 1 - i] = x == 1 ? y : x;
  }
  return d;
}

/// Calls body(flat index of the result, index along each dimension).
template <class F>
void for_each_index(const dimensions& extent, const F& body) {
  std::vector<std::int64_t> index(extent.size(), 0);
  const std::int64_t count = bounded_count(extent);
  for (std::int64_t n = 0; n < count; ++n) {
    body(static_cast<std::size_t>(n), index);
    for (std::size_t i = extent.size(); i-- > 0;) {
      if (++index[i] < extent[i]) break;
      index[i] = 0;
    }
  }
}

inline std::size_t flat(const dimensions& extent, const std::vector<std::int64_t>& index) {
  const std::size_t skipped = index.size() - extent.size();
  std::int64_t at = 0;
  for (std::size_t i = 0; i < extent.size(); ++i)
    at = at * extent[i] + (extent[i] == 1 ? 0 : index[i + skipped]);
  return static_cast<std::size_t>(at);
}

// What moves elements.
constant gather(const known_node& n);
constant slice(const known_node& n);
constant concat(const known_node& n);
constant expand(const known_node& n);
constant where(const known_node& n);
constant squeeze(const known_node& n);
constant unsqueeze(const known_node& n);
constant transpose(const known_node& n);

}  // namespace importer::detail
