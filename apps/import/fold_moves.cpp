// SPDX-License-Identifier: MIT

// Operators on constants that move elements.

#include <algorithm>
#include <cstddef>
#include <optional>

#include "import/fold_detail.hpp"

namespace importer::detail {

constant gather(const known_node& n) {
  const constant &data = n.in(0), &indices = n.in(1);
  const std::size_t axis = axis_from_front(n.integer("axis", 0), data.extent.size());
  if (axis >= data.extent.size()) throw refusal{"a number has no elements to gather"};
  dimensions extent(data.extent.begin(), data.extent.begin() + static_cast<std::ptrdiff_t>(axis));
  extent.insert(extent.end(), indices.extent.begin(), indices.extent.end());
  extent.insert(extent.end(), data.extent.begin() + static_cast<std::ptrdiff_t>(axis) + 1, data.extent.end());
  bound(data.count());
  const std::vector<double> from = data.numbers();
  const std::vector<std::int64_t> which = indices.whole();
  std::vector<double> to(static_cast<std::size_t>(bounded_count(extent)));
  const std::size_t rank = indices.extent.size();
  for_each_index(extent, [&](std::size_t at, const std::vector<std::int64_t>& index) {
    const auto begin = index.begin() + static_cast<std::ptrdiff_t>(axis);
    const auto end = begin + static_cast<std::ptrdiff_t>(rank);
    std::int64_t i = which[flat(indices.extent, {begin, end})];
    if (i < 0) i += data.extent[axis];
    if (i < 0 || i >= data.extent[axis]) throw refusal{"an index is outside of its axis"};
    std::vector<std::int64_t> source(index.begin(), begin);
    source.push_back(i);
    source.insert(source.end(), end, index.end());
    to[at] = from[flat(data.extent, source)];
  });
  return like(data, extent, to);
}

constant slice(const known_node& n) {
  const constant& data = n.in(0);
  const auto starts = n.integers("starts", 1), ends = n.integers("ends", 2);
  if (!starts || !ends || starts->size() != ends->size()) throw refusal{"it has no starts and ends"};
  const auto axes = n.integers("axes", 3);
  const auto steps = n.has(4) ? std::optional(n.in(4).whole()) : std::nullopt;
  std::vector<slice_range> ranges;
  for (const std::int64_t d : data.extent) ranges.push_back({0, d, 1});
  for (std::size_t i = 0; i < starts->size(); ++i) {
    if ((axes && axes->size() <= i) || (steps && steps->size() <= i))
      throw refusal{"its axes and steps are too few"};
    const std::size_t axis =
        axis_from_front(axes ? (*axes)[i] : static_cast<std::int64_t>(i), data.extent.size());
    if (axis >= data.extent.size()) throw refusal{"a number has no axis to slice"};
    ranges[axis] = clamp_slice(data.extent[axis], (*starts)[i], (*ends)[i], steps ? (*steps)[i] : 1);
  }
  dimensions extent;
  for (const slice_range& r : ranges) extent.push_back(r.count);
  bound(data.count());
  const std::vector<double> from = data.numbers();
  std::vector<double> to(static_cast<std::size_t>(bounded_count(extent)));
  for_each_index(extent, [&](std::size_t at, std::vector<std::int64_t> index) {
    for (std::size_t i = 0; i < index.size(); ++i) index[i] = ranges[i].first + index[i] * ranges[i].step;
    to[at] = from[flat(data.extent, index)];
  });
  return like(data, extent, to);
}

constant concat(const known_node& n) {
  const std::size_t axis = axis_from_front(n.integer("axis", 0), n.in(0).extent.size());
  dimensions extent = n.in(0).extent;
  if (axis >= extent.size()) throw refusal{"numbers have no axis to be joined on"};
  extent[axis] = 0;
  for (std::size_t i = 0; i < n.inputs.size(); ++i) {
    dimensions other = n.in(i).extent;
    if (other.size() != extent.size()) throw refusal{"its inputs have different ranks"};
    extent[axis] += other[axis];
    other[axis] = extent[axis];
    if (other != extent) throw refusal{"its inputs do not fit together"};
    bound(extent[axis]);
  }
  std::vector<double> to(static_cast<std::size_t>(bounded_count(extent)));
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < n.inputs.size(); ++i) {
    const std::vector<double> from = n.in(i).numbers();
    for_each_index(n.in(i).extent, [&](std::size_t at, std::vector<std::int64_t> index) {
      index[axis] += offset;
      to[flat(extent, index)] = from[at];
    });
    offset += n.in(i).extent[axis];
  }
  return like(n.in(0), extent, to);
}

constant expand(const known_node& n) {
  const constant& data = n.in(0);
  const dimensions extent = broadcast(data.extent, n.in(1).whole());
  bound(data.count());
  const std::vector<double> from = data.numbers();
  std::vector<double> to(static_cast<std::size_t>(bounded_count(extent)));
  for_each_index(extent, [&](std::size_t at, const std::vector<std::int64_t>& index) {
    to[at] = from[flat(data.extent, index)];
  });
  return like(data, extent, to);
}

constant where(const known_node& n) {
  const constant &condition = n.in(0), &a = n.in(1), &b = n.in(2);
  const dimensions extent = broadcast(broadcast(condition.extent, a.extent), b.extent);
  std::vector<double> to(static_cast<std::size_t>(bounded_count(extent)));
  const std::vector<double> c = condition.numbers(), x = a.numbers(), y = b.numbers();
  for_each_index(extent, [&](std::size_t at, const std::vector<std::int64_t>& index) {
    to[at] = c[flat(condition.extent, index)] != 0 ? x[flat(a.extent, index)] : y[flat(b.extent, index)];
  });
  return like(a, extent, to);
}

constant squeeze(const known_node& n) {
  const constant& data = n.in(0);
  const auto axes = n.integers("axes", 1);
  std::vector<bool> drop(data.extent.size(), false);
  if (axes)
    for (const std::int64_t a : *axes) {
      const std::size_t axis = axis_from_front(a, data.extent.size());
      if (axis < drop.size()) drop[axis] = true;
    }
  dimensions extent;
  for (std::size_t i = 0; i < data.extent.size(); ++i)
    if (!(axes ? drop[i] : data.extent[i] == 1)) extent.push_back(data.extent[i]);
  return reshaped(data, extent);
}

constant unsqueeze(const known_node& n) {
  const constant& data = n.in(0);
  const auto axes = n.integers("axes", 1);
  if (!axes) throw refusal{"it has no axes"};
  const std::size_t rank = data.extent.size() + axes->size();
  if (rank > most_dimensions) throw refusal{"a constant has " + std::to_string(rank) + " dimensions"};
  std::vector<bool> added(rank, false);
  for (const std::int64_t a : *axes) added[axis_from_front(a, rank)] = true;
  dimensions extent;
  std::size_t at = 0;
  for (std::size_t i = 0; i < rank; ++i)
    if (added[i])
      extent.push_back(1);
    else if (at < data.extent.size())
      extent.push_back(data.extent[at++]);
  return reshaped(data, extent);
}

constant transpose(const known_node& n) {
  const std::size_t rank = n.in(0).extent.size();
  std::vector<std::int64_t> order;
  if (const auto given = n.integers("perm", 1))
    order = *given;
  else
    for (std::size_t i = rank; i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  check_permutation(order, rank);
  return transposed(n.in(0), order);
}

}  // namespace importer::detail
