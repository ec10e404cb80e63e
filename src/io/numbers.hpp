// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "salient/io/file.hpp"

namespace salient::detail {

static_assert(std::endian::native == std::endian::little,
              "the formats are little-endian, and read as they lie");

/// Little-endian number types in files.
enum class number { f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

std::size_t bytes_of(number kind);

/// Whether it is an integer type or bool.
bool is_integer(number kind);

/// The number at `at`, of a file's bytes, as float: infinite if it overflows.
float to_float(number kind, const std::uint8_t* at);

/// The product of the dimensions (1 for a scalar); nothing if one is negative, or if that many elements of
/// `element_bytes` bytes exceed the address range.
std::optional<std::size_t> element_count(std::span<const long> dimensions, std::size_t element_bytes = 1);

/// Reads `count` numbers of a file as float, in parts. Throws salient::error "<path>: <what> ..." if the file
/// is too short (in the constructor where the size is known), or if a number is not finite or overflows a
/// float. The file must outlive the reader.
class float_reader {
 public:
  float_reader(input_file& in, number kind, std::size_t count, std::string what);

  std::size_t remaining() const { return count_ - done_; }

  /// Fills `to`, which must not be longer than the rest.
  void read(std::span<float> to);

 private:
  [[noreturn]] void cut_short(std::uintmax_t bytes) const;
  void read_bytes(std::span<std::uint8_t> to, std::size_t before);

  input_file& in_;
  number kind_;
  std::size_t count_, done_ = 0;
  std::string what_;
};

/// Reads `count` numbers as float. Throws salient::error "<path>: <what> ..." if the file is too short, or if
/// a number is not finite or overflows a float. Memory grows with the bytes that arrive.
std::vector<float> read_floats(input_file& in, number kind, std::size_t count, const std::string& what);

}  // namespace salient::detail
