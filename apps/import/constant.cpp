// SPDX-License-Identifier: MIT
#include "import/constant.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
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
  if (integers) return {integers->begin(), integers->end()};
  const std::vector<float> f = floats();
  return {f.begin(), f.end()};
}

double constant::number() const {
  if (count() != 1) throw refusal{"one number is expected where there are " + std::to_string(count())};
  return numbers().front();
}

std::vector<std::int64_t> constant::whole() const {
  constexpr std::int64_t most = 1 << 16;
  if (count() > most) throw refusal{"a list of " + std::to_string(count()) + " numbers is too long"};
  if (integers) return *integers;
  std::vector<std::int64_t> result;
  for (const float f : floats()) {
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
  constant c{t.dimensions, {}, {}, t.name, 0};
  if (!missing.empty())
    c.floats = [missing]() -> std::vector<float> { throw refusal{missing}; };
  else if (real)
    c.floats = [&t] { return t.floats(); };
  else
    c.integers = std::make_shared<const std::vector<std::int64_t>>(t.integers());
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
  return {std::move(extent), std::make_shared<const std::vector<std::int64_t>>(std::move(values)), {}, {}, 0};
}

constant floats_of(dimensions extent, std::vector<float> values) {
  const auto shared = std::make_shared<std::vector<float>>(std::move(values));
  return {std::move(extent), {}, [shared] { return *shared; }, {}, 0};
}

constant reshaped(constant c, dimensions extent) {
  if (count_of(extent) != c.count())
    throw refusal{"a constant of " + text_of(c.extent) + " cannot be reshaped to " + text_of(extent)};
  c.extent = std::move(extent);
  return c;
}

namespace {

template <class T>
std::vector<T> permuted(const std::vector<T>& from, const dimensions& extent,
                        const std::vector<std::int64_t>& order) {
  const std::size_t rank = extent.size();
  std::vector<std::int64_t> stride(rank, 1), step(rank), index(rank, 0);
  for (std::size_t i = rank; i-- > 1;) stride[i - 1] = stride[i] * extent[i];
  for (std::size_t i = 0; i < rank; ++i) step[i] = stride[static_cast<std::size_t>(order[i])];
  std::vector<T> to;
  to.reserve(from.size());
  std::int64_t at = 0;
  for (std::size_t n = 0; n < from.size(); ++n) {
    to.push_back(from[static_cast<std::size_t>(at)]);
    for (std::size_t i = rank; i-- > 0;) {
      at += step[i];
      if (++index[i] < extent[static_cast<std::size_t>(order[i])]) break;
      at -= step[i] * index[i];
      index[i] = 0;
    }
  }
  return to;
}

}  // namespace

constant computed_from(const constant& from, dimensions extent, std::function<std::vector<float>()> floats) {
  constexpr int deepest = 64;
  if (from.depth >= deepest) throw refusal{"a constant is moved more often than exporters do"};
  return {std::move(extent), {}, std::move(floats), from.name, from.depth + 1};
}

constant transposed(const constant& c, const std::vector<std::int64_t>& order) {
  dimensions extent;
  for (const std::int64_t i : order) extent.push_back(c.extent[static_cast<std::size_t>(i)]);
  if (!c.integers)
    return computed_from(c, std::move(extent), [c, order] { return permuted(c.floats(), c.extent, order); });
  constant t = integers_of(std::move(extent), permuted(*c.integers, c.extent, order));
  t.name = c.name;
  return t;
}

}  // namespace importer
