// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace importer {

/// What cannot be imported: one sentence, to which the node's name and operator are added.
struct refusal {
  std::string why;
};

/// Indexes of elements.
using places = std::span<const std::int64_t>;

/// A tensor's elements, which are computed when they are read. They are read by their indexes, so that a
/// large weight is never in memory as a whole, in whatever order the file has it.
template <class T>
class elements {
 public:
  using reader = std::function<void(places at, std::span<T> to)>;

  elements() = default;
  elements(std::int64_t count, reader read)
      : count_(count), read_(std::make_shared<const reader>(std::move(read))) {}
  explicit elements(std::vector<T> all)
      : elements(static_cast<std::int64_t>(all.size()), [kept = all](places at, std::span<T> to) {
          for (std::size_t i = 0; i < at.size(); ++i) to[i] = kept[static_cast<std::size_t>(at[i])];
        }) {}

  explicit operator bool() const { return bool(read_); }
  std::int64_t count() const { return count_; }

  /// Throws refusal if they are in a file that is missing.
  void read(places at, std::span<T> to) const {
    if (std::ranges::any_of(at, [&](std::int64_t i) { return i < 0 || i >= count_; }))
      throw refusal{"a constant of " + std::to_string(count_) + " elements has too few"};
    (*read_)(at, to);
  }
  /// Those from `first` on.
  void read(std::int64_t first, std::span<T> to) const {
    constexpr std::size_t part = 1 << 14;
    std::vector<std::int64_t> at;
    while (!to.empty()) {
      at.resize(std::min(to.size(), part));
      std::iota(at.begin(), at.end(), first);
      read(at, to.first(at.size()));
      first += static_cast<std::int64_t>(at.size());
      to = to.subspan(at.size());
    }
  }
  std::vector<T> all() const {
    std::vector<T> result(static_cast<std::size_t>(count_));
    read(0, result);
    return result;
  }

 private:
  std::int64_t count_ = 0;
  std::shared_ptr<const reader> read_;  ///< shared, as readers hold those that they read
};

using values = elements<float>;

/// `count` elements of `from`. `find(at, to)` replaces indexes by those of `from`.
template <class T, class F>
elements<T> moved(elements<T> from, std::int64_t count, F find) {
  return {count, [from = std::move(from), find = std::move(find)](places at, std::span<T> to) {
            std::vector<std::int64_t> source(at.size());
            find(at, std::span(source));
            from.read(source, to);
          }};
}

/// One element as `count` equal ones; as many as that stay what they are.
template <class T>
elements<T> spread(elements<T> from, std::int64_t count) {
  if (from.count() != 1 || count == 1) return from;
  return moved(std::move(from), count, [](places, std::span<std::int64_t>) {});
}

/// f(the operands' elements at one place), at each place. An operand of one element has it everywhere.
template <class F>
auto elementwise(std::vector<values> of, F f) {
  using result = std::invoke_result_t<F, std::span<const float>>;
  std::int64_t count = 1;
  for (const values& v : of) {
    if (v.count() != 1 && count != 1 && v.count() != count)
      throw refusal{"constants of " + std::to_string(count) + " and " + std::to_string(v.count()) +
                    " elements do not fit"};
    if (v.count() != 1) count = v.count();
  }
  for (values& v : of) v = spread(std::move(v), count);
  const auto read = [of = std::move(of), f = std::move(f)](places at, std::span<result> to) {
    std::vector<float> all(of.size() * at.size()), here(of.size());
    for (std::size_t k = 0; k < of.size(); ++k)
      of[k].read(at, std::span(all).subspan(k * at.size(), at.size()));
    for (std::size_t i = 0; i < at.size(); ++i) {
      for (std::size_t k = 0; k < of.size(); ++k) here[k] = all[k * at.size() + i];
      to[i] = f(here);
    }
  };
  return elements<result>(count, read);
}

}  // namespace importer
