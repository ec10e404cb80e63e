// SPDX-License-Identifier: MIT
#include "io/numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "io/message.hpp"

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

float convert(number kind, const std::uint8_t* at) {
  switch (kind) {
    case number::f64: {
      const double value = load<double>(at);
      // A double beyond float's range has no defined conversion.
      if (std::abs(value) > std::numeric_limits<float>::max()) return value > 0 ? INFINITY : -INFINITY;
      return static_cast<float>(value);
    }
    case number::f32:
      return load<float>(at);
    case number::f16:
      return from_half(load<std::uint16_t>(at));
    case number::bf16:
      return std::bit_cast<float>(std::uint32_t{load<std::uint16_t>(at)} << 16);
    case number::u8:
      return *at;
  }
  return 0;
}

}  // namespace

std::size_t bytes_of(number kind) {
  switch (kind) {
    case number::f64:
      return 8;
    case number::f32:
      return 4;
    case number::f16:
    case number::bf16:
      return 2;
    case number::u8:
      return 1;
  }
  return 0;
}

std::optional<std::size_t> element_count(std::span<const long> dimensions, std::size_t element_bytes) {
  constexpr std::size_t most = std::numeric_limits<std::ptrdiff_t>::max();
  if (std::ranges::any_of(dimensions, [](long d) { return d < 0; })) return {};
  // An empty tensor stays empty, however large its other dimensions are.
  if (std::ranges::find(dimensions, 0) != dimensions.end()) return 0;
  std::size_t count = 1;
  for (const long d : dimensions) {
    if (static_cast<std::size_t>(d) > most / element_bytes / count) return {};
    count *= static_cast<std::size_t>(d);
  }
  return count;
}

std::vector<float> read_floats(input_file& in, number kind, std::size_t count, const std::string& what) {
  const std::size_t width = bytes_of(kind);
  const auto cut_short = [&](std::uintmax_t bytes) {
    fail(in.path(), what + " is cut short: " + std::to_string(bytes) + " of " +
                        std::to_string(count * width) + " bytes are there; copy or make the file again");
  };
  const auto left = in.remaining();
  if (left && *left / width < count) cut_short(*left);

  std::vector<float> values;
  if (left) values.reserve(count);
  std::array<std::uint8_t, 1 << 16> chunk;
  while (values.size() < count) {
    const std::size_t wanted = std::min(chunk.size() / width, count - values.size());
    const std::size_t got = in.read(std::span(chunk).first(wanted * width));
    if (got < wanted * width) cut_short(values.size() * width + got);
    for (std::size_t i = 0; i < wanted; ++i) {
      const float value = convert(kind, chunk.data() + i * width);
      if (!std::isfinite(value))
        fail(in.path(), what + " is not finite: element " + std::to_string(values.size()) + " is " +
                            std::to_string(value) + "; every value must be a finite float");
      values.push_back(value);
    }
  }
  return values;
}

}  // namespace salient::detail
