// SPDX-License-Identifier: MIT
#include "io/numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "io/message.hpp"
#include "salient/core/finite.hpp"

namespace salient::detail {
namespace {

template <class T>
T load(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits.
float from_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  float magnitude = std::ldexp(static_cast<float>(fraction), -24);  // subnormal
  if (exponent == 31) magnitude = fraction ? NAN : INFINITY;
  if (exponent > 0 && exponent < 31)
    magnitude = std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
  return bits >> 15 ? -magnitude : magnitude;
}

}  // namespace

float to_float(number kind, const std::uint8_t* at) {
  switch (kind) {
    case number::f64: {
      const double value = load<double>(at);
      // Converting a double beyond float's range is undefined behaviour.
      if (std::abs(value) > std::numeric_limits<float>::max()) return value > 0 ? INFINITY : -INFINITY;
      return static_cast<float>(value);
    }
    case number::f32:
      return load<float>(at);
    case number::f16:
      return from_half(load<std::uint16_t>(at));
    case number::bf16:
      return std::bit_cast<float>(std::uint32_t{load<std::uint16_t>(at)} << 16);
    case number::i64:
      return static_cast<float>(load<std::int64_t>(at));
    case number::i32:
      return static_cast<float>(load<std::int32_t>(at));
    case number::i16:
      return load<std::int16_t>(at);
    case number::i8:
      return load<std::int8_t>(at);
    case number::u64:
      return static_cast<float>(load<std::uint64_t>(at));
    case number::u32:
      return static_cast<float>(load<std::uint32_t>(at));
    case number::u16:
      return load<std::uint16_t>(at);
    case number::u8:
      return *at;
    case number::boolean:
      return *at == 0 ? 0 : 1;
  }
  return 0;
}

std::size_t bytes_of(number kind) {
  switch (kind) {
    case number::f64:
    case number::i64:
    case number::u64:
      return 8;
    case number::f32:
    case number::i32:
    case number::u32:
      return 4;
    case number::f16:
    case number::bf16:
    case number::i16:
    case number::u16:
      return 2;
    case number::i8:
    case number::u8:
    case number::boolean:
      return 1;
  }
  return 0;
}

bool is_integer(number kind) {
  return kind != number::f64 && kind != number::f32 && kind != number::f16 && kind != number::bf16;
}

std::optional<std::size_t> element_count(std::span<const long> dimensions, std::size_t element_bytes) {
  constexpr std::size_t most = std::numeric_limits<std::ptrdiff_t>::max();
  if (std::ranges::any_of(dimensions, [](long d) { return d < 0; })) return {};
  // An empty tensor is valid, however large its other dimensions are.
  if (std::ranges::find(dimensions, 0) != dimensions.end()) return 0;
  std::size_t count = 1;
  for (const long d : dimensions) {
    if (static_cast<std::size_t>(d) > most / element_bytes / count) return {};
    count *= static_cast<std::size_t>(d);
  }
  return count;
}

float_reader::float_reader(input_file& in, number kind, std::size_t count, std::string what)
    : in_(in), kind_(kind), count_(count), what_(std::move(what)) {
  const auto left = in.remaining();
  if (left && *left / bytes_of(kind) < count) cut_short(*left);
}

void float_reader::cut_short(std::uintmax_t bytes) const {
  fail(in_.path(), what_ + " is cut short: " + std::to_string(bytes) + " of " +
                       std::to_string(count_ * bytes_of(kind_)) +
                       " bytes are there; copy or make the file again");
}

void float_reader::read_bytes(std::span<std::uint8_t> to, std::size_t before) {
  const std::size_t got = in_.read(to);
  if (got < to.size()) cut_short(before * bytes_of(kind_) + got);
}

void float_reader::read(std::span<float> to) {
  const std::size_t width = bytes_of(kind_);
  if (kind_ == number::f32)  // stored as they are
    read_bytes({reinterpret_cast<std::uint8_t*>(to.data()), to.size_bytes()}, done_);
  std::array<std::uint8_t, 1 << 16> chunk;
  for (std::size_t first = 0; first < to.size() && kind_ != number::f32;) {
    const std::size_t some = std::min(chunk.size() / width, to.size() - first);
    read_bytes(std::span(chunk).first(some * width), done_ + first);
    for (std::size_t i = 0; i < some; ++i) to[first + i] = to_float(kind_, chunk.data() + i * width);
    first += some;
  }
  const auto bad = std::ranges::find_if_not(to, [](const float& value) { return is_finite(value); });
  if (bad != to.end())
    fail(in_.path(), what_ + " is not finite: element " +
                         std::to_string(done_ + static_cast<std::size_t>(bad - to.begin())) + " is " +
                         std::to_string(*bad) + "; every value must be a finite float");
  done_ += to.size();
}

std::vector<float> read_floats(input_file& in, number kind, std::size_t count, const std::string& what) {
  constexpr std::size_t at_once = 1 << 14;
  float_reader reader(in, kind, count, what);
  std::vector<float> values;
  if (in.remaining()) values.reserve(count);
  while (reader.remaining() > 0) {
    const std::size_t had = values.size();
    values.resize(had + std::min(at_once, reader.remaining()));
    reader.read(std::span(values).subspan(had));
  }
  return values;
}

}  // namespace salient::detail
