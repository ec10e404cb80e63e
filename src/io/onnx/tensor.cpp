// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "io/message.hpp"
#include "io/numbers.hpp"
#include "io/onnx/reader.hpp"
#include "salient/core/finite.hpp"

namespace salient::onnx {
namespace {

using detail::number;

/// The first 17 of TensorProto.DataType.
constexpr std::array<std::string_view, 17> names = {
    "undefined", "float",   "uint8",  "int8",   "uint16", "int16",     "int32",      "int64",   "string",
    "bool",      "float16", "double", "uint32", "uint64", "complex64", "complex128", "bfloat16"};

number kind_of(element type) {
  switch (type) {
    case element::f32:
      return number::f32;
    case element::u8:
      return number::u8;
    case element::i8:
      return number::i8;
    case element::u16:
      return number::u16;
    case element::i16:
      return number::i16;
    case element::i32:
      return number::i32;
    case element::i64:
      return number::i64;
    case element::boolean:
      return number::boolean;
    case element::f16:
      return number::f16;
    case element::f64:
      return number::f64;
    case element::bf16:
      return number::bf16;
  }
  return number::f32;
}

/// Number `index` of type T.
template <class T>
T at(const tensor& from, std::size_t index) {
  T value;
  std::memcpy(&value, from.bytes.data() + index * sizeof value, sizeof value);
  return value;
}

std::int64_t integer_at(const tensor& from, std::size_t index) {
  switch (from.type) {
    case element::u8:
      return at<std::uint8_t>(from, index);
    case element::i8:
      return at<std::int8_t>(from, index);
    case element::u16:
      return at<std::uint16_t>(from, index);
    case element::i16:
      return at<std::int16_t>(from, index);
    case element::i32:
      return at<std::int32_t>(from, index);
    case element::boolean:
      return at<std::uint8_t>(from, index) != 0;
    default:
      return at<std::int64_t>(from, index);
  }
}

void need_bytes(const tensor& asked) {
  if (!asked.absent.empty()) detail::fail(asked.file, asked.absent);
}

/// Element index(i) becomes to[i].
template <class F>
void read_floats(const tensor& from, std::span<float> to, F index) {
  need_bytes(from);
  const number kind = kind_of(from.type);
  const std::size_t width = detail::bytes_of(kind);
  if (from.type == element::f32)
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = at<float>(from, index(i));
  else
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] = detail::to_float(kind, from.bytes.data() + index(i) * width);
  const auto bad = std::ranges::find_if_not(to, [](const float& value) { return is_finite(value); });
  if (bad != to.end())
    detail::fail(from.file, title(from) + " is not finite: element " +
                                std::to_string(index(static_cast<std::size_t>(bad - to.begin()))) + " is " +
                                std::to_string(*bad) + " as a float; every value must be a finite float");
}

template <class F>
void read_integers(const tensor& from, std::span<std::int64_t> to, F index) {
  need_bytes(from);
  if (!detail::is_integer(kind_of(from.type)))
    detail::fail(from.file, title(from) + " has elements of type " + name_of(static_cast<int>(from.type)) +
                                ", expected integers; export the model again");
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = integer_at(from, index(i));
}

}  // namespace

std::string name_of(int data_type) {
  const auto index = static_cast<std::size_t>(data_type);
  if (data_type >= 0 && index < names.size()) return std::string(names[index]);
  return "type " + std::to_string(data_type);
}

std::size_t bytes_of(element type) { return detail::bytes_of(kind_of(type)); }

bool is_known(std::int64_t data_type) {
  constexpr std::array known = {element::f32, element::u8,  element::i8,  element::u16,
                                element::i16, element::i32, element::i64, element::boolean,
                                element::f16, element::f64, element::bf16};
  return std::ranges::any_of(known, [&](element e) { return static_cast<std::int64_t>(e) == data_type; });
}

std::string title(const tensor& named) {
  return named.name.empty() ? "a tensor without a name" : "tensor " + detail::in_quotes(named.name);
}

std::size_t tensor::count() const {
  std::size_t product = 1;
  for (const std::int64_t d : dimensions) product *= static_cast<std::size_t>(d);
  return product;
}

std::vector<float> tensor::floats() const {
  std::vector<float> values(absent.empty() ? count() : 0);
  read_floats(*this, values, [](std::size_t i) { return i; });
  return values;
}

void tensor::read(std::span<const std::int64_t> which, std::span<float> to) const {
  read_floats(*this, to, [&](std::size_t i) { return static_cast<std::size_t>(which[i]); });
}

std::vector<std::int64_t> tensor::integers() const {
  std::vector<std::int64_t> values(absent.empty() ? count() : 0);
  read_integers(*this, values, [](std::size_t i) { return i; });
  return values;
}

void tensor::read(std::span<const std::int64_t> which, std::span<std::int64_t> to) const {
  read_integers(*this, to, [&](std::size_t i) { return static_cast<std::size_t>(which[i]); });
}

}  // namespace salient::onnx
