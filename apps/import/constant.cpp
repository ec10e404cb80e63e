// SPDX-License-Identifier: MIT
#include "import/constant.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

#include "salient/core/error.hpp"

namespace importer {

std::int64_t count_of(const dimensions& d) {
  return std::accumulate(d.begin(), d.end(), std::int64_t{1}, std::multiplies<>());
}

std::string text_of(const dimensions& d) {
  std::string text = "[";
  constexpr std::size_t most = 16;
  for (std::size_t i = 0; i < std::min(d.size(), most); ++i)
    text += (i > 0 ? ", " : "") + (d[i] < 0 ? std::string("?") : std::to_string(d[i]));
  return text + (d.size() > most ? ", ...]" : "]");
}

std::vector<double> constant::numbers() const {
  const auto widened = [](const auto& all) { return std::vector<double>(all.begin(), all.end()); };
  return integers ? widened(integers.all()) : widened(floats.all());
}

values constant::reals() const {
  if (floats) return floats;
  return {integers.count(), [from = integers](places at, std::span<float> to) {
            std::vector<std::int64_t> whole(at.size());
            from.read(at, whole);
            std::ranges::transform(whole, to.begin(), [](std::int64_t n) { return static_cast<float>(n); });
          }};
}

double constant::number() const {
  if (count() != 1) throw refusal{"one number is expected where there are " + std::to_string(count())};
  return numbers().front();
}

std::vector<std::int64_t> constant::whole() const {
  constexpr std::int64_t most = 1 << 16;
  if (count() > most) throw refusal{"a list of " + std::to_string(count()) + " numbers is too long"};
  if (integers) return integers.all();
  std::vector<std::int64_t> result;
  for (const float f : floats.all()) {
    if (std::abs(f) > 1e9F || f != std::floor(f))
      throw refusal{"integers are expected where there is " + std::to_string(f)};
    result.push_back(static_cast<std::int64_t>(f));
  }
  return result;
}

constant constant_of(const salient::onnx::tensor& t, const std::string& missing) {
  // Even where a dimension is 0, so that products of some of them do not overflow.
  double product = 1;
  for (const std::int64_t n : t.dimensions) product *= static_cast<double>(std::max<std::int64_t>(n, 1));
  if (product > 1e18)
    throw salient::error("the constant '" + t.name + "' of " + text_of(t.dimensions) + " is too large");
  using salient::onnx::element;
  const bool real =
      t.type == element::f32 || t.type == element::f64 || t.type == element::f16 || t.type == element::bf16;
  constant c{t.dimensions, {}, {}, t.name};
  const auto read = [&t, missing](places at, auto to) {
    if (!missing.empty()) throw refusal{missing};
    t.read(at, to);
  };
  if (real)
    c.floats = {count_of(t.dimensions), read};
  else
    c.integers = {count_of(t.dimensions), read};
  switch (t.type) {
    case element::u8:
      c.largest = 255;
      break;
    case element::u16:
      c.largest = 65535;
      break;
    case element::i8:
      c.least = -128, c.largest = 127;
      break;
    case element::i16:
      c.least = -32768, c.largest = 32767;
      break;
    default:
      break;
  }
  return c;
}

constant integers_of(dimensions extent, std::vector<std::int64_t> values) {
  return {std::move(extent), elements(std::move(values)), {}, {}};
}

constant floats_of(dimensions extent, std::vector<float> values) {
  return {std::move(extent), {}, elements(std::move(values)), {}};
}

constant reshaped(constant c, dimensions extent) {
  if (count_of(extent) != c.count())
    throw refusal{"a constant of " + text_of(c.extent) + " cannot be reshaped to " + text_of(extent)};
  c.extent = std::move(extent);
  return c;
}

namespace {

template <class T>
elements<T> permuted(const elements<T>& from, const dimensions& extent,
                     const std::vector<std::int64_t>& order) {
  const std::size_t rank = extent.size();
  std::vector<std::int64_t> stride(rank, 1), step(rank), size(rank);
  for (std::size_t i = rank; i-- > 1;) stride[i - 1] = stride[i] * extent[i];
  for (std::size_t i = 0; i < rank; ++i) {
    step[i] = stride[static_cast<std::size_t>(order[i])];
    size[i] = extent[static_cast<std::size_t>(order[i])];
  }
  return moved(from, from.count(), [rank, step, size](places at, std::span<std::int64_t> to) {
    std::vector<std::int64_t> index(rank, 0);
    std::int64_t source = 0;
    for (std::size_t n = 0; n < at.size(); ++n) {
      if (n > 0 && at[n] == at[n - 1] + 1) {
        for (std::size_t i = rank; i-- > 0;) {
          source += step[i];
          if (++index[i] < size[i]) break;
          source -= step[i] * index[i];
          index[i] = 0;
        }
      } else {
        source = 0;
        std::int64_t left = at[n];
        for (std::size_t i = rank; i-- > 0; left /= size[i]) {
          index[i] = left % size[i];
          source += index[i] * step[i];
        }
      }
      to[n] = source;
    }
  });
}

}  // namespace

constant computed_from(const constant& from, dimensions extent, values floats) {
  constexpr int deepest = 64;
  if (from.depth >= deepest) throw refusal{"a constant is moved more often than exporters do"};
  return {std::move(extent), {}, std::move(floats), from.name, from.depth + 1};
}

constant transposed(const constant& c, const std::vector<std::int64_t>& order) {
  dimensions extent;
  for (const std::int64_t i : order) extent.push_back(c.extent[static_cast<std::size_t>(i)]);
  if (!c.integers) return computed_from(c, std::move(extent), permuted(c.floats, c.extent, order));
  constant t = computed_from(c, std::move(extent), {});
  t.integers = permuted(c.integers, c.extent, order);
  t.least = c.least;
  t.largest = c.largest;
  return t;
}

}  // namespace importer
