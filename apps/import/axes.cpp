// SPDX-License-Identifier: MIT
#include "import/axes.hpp"

#include <cstddef>

namespace importer {
namespace {

void append(axis& a, factor f) {
  if (f.size == 1) return;
  if (!a.empty() && a.back().dim == f.dim && a.back().stride == f.stride * f.size) {
    a.back().stride = f.stride;
    a.back().size *= f.size;
  } else {
    a.push_back(f);
  }
}

}  // namespace

std::int64_t size_of(const axis& a) {
  std::int64_t size = 1;
  for (const factor& f : a) size *= f.size;
  return size;
}

axes channels_first(std::int64_t batch, salient::shape s) {
  axes result(4);
  append(result[0], {dim::batch, 1, batch});
  append(result[1], {dim::channel, 1, s.channels});
  append(result[2], {dim::row, 1, s.height});
  append(result[3], {dim::column, 1, s.width});
  return result;
}

dimensions extent_of(const axes& a) {
  dimensions d;
  for (const axis& one : a) d.push_back(size_of(one));
  return d;
}

axes reshaped(const axes& from, const dimensions& to) {
  std::vector<factor> left;
  for (const axis& a : from) left.insert(left.end(), a.begin(), a.end());
  constexpr std::size_t most = 16;
  if (to.size() > most) throw refusal{"a tensor of " + std::to_string(to.size()) + " axes is not available"};
  axes result(to.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < to.size(); ++i)
    for (std::int64_t needed = to[i]; needed > 1;) {
      if (at == left.size())
        throw refusal{"a tensor of " + text_of(extent_of(from)) + " cannot be reshaped to " + text_of(to)};
      factor& f = left[at];
      if (needed % f.size == 0) {
        append(result[i], f);
        needed /= f.size;
        ++at;
      } else if (f.size % needed == 0) {
        f.size /= needed;
        append(result[i], {f.dim, f.stride * f.size, needed});
        needed = 1;
      } else {
        throw refusal{"reshaping " + text_of(extent_of(from)) + " to " + text_of(to) +
                      " mixes positions and channels"};
      }
    }
  if (at != left.size())
    throw refusal{"a tensor of " + text_of(extent_of(from)) + " cannot be reshaped to " + text_of(to)};
  return result;
}

bool is_whole(const axis& a, dim d, std::int64_t size) {
  if (size == 1) return a.empty();
  return a.size() == 1 && a[0] == factor{d, 1, size};
}

std::int64_t shuffled_groups(const axis& a, std::int64_t channels) {
  if (a.size() != 2 || a[0].dim != dim::channel || a[1].dim != dim::channel) return 0;
  const bool exchanged = a[0].stride == 1 && a[1].stride == a[0].size && a[0].size * a[1].size == channels;
  return exchanged ? a[1].size : 0;
}

std::vector<std::int64_t> torch_order(const axis& a, salient::shape s) {
  const auto weight = [&](dim d) -> std::int64_t {
    if (d == dim::channel) return std::int64_t{s.height} * s.width;
    return d == dim::row ? s.width : 1;
  };
  constexpr long most = 1L << 24;
  if (s.elements() > most)
    throw refusal{"a vector of " + std::to_string(s.elements()) + " values, more than " +
                  std::to_string(most) + ", is no classifier's"};
  std::vector<std::int64_t> order{0};
  for (const factor& f : a) {
    if (f.dim == dim::batch) throw refusal{"the images of a batch are mixed"};
    std::vector<std::int64_t> finer;
    finer.reserve(order.size() * static_cast<std::size_t>(f.size));
    for (const std::int64_t o : order)
      for (std::int64_t i = 0; i < f.size; ++i) finer.push_back(o + i * f.stride * weight(f.dim));
    order = std::move(finer);
  }
  std::vector<bool> seen(static_cast<std::size_t>(s.elements()), false);
  for (const std::int64_t o : order)
    if (o < 0 || o >= s.elements() || seen[static_cast<std::size_t>(o)])
      throw refusal{"a part of the values is used where all are expected"};
    else
      seen[static_cast<std::size_t>(o)] = true;
  if (static_cast<long>(order.size()) != s.elements())
    throw refusal{"a part of the values is used where all are expected"};
  return order;
}

}  // namespace importer
