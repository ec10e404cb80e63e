// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/numbers.hpp"
#include "salient/io/file.hpp"

namespace salient::detail {

/// The limit of the reference implementation.
constexpr std::uint64_t longest_safetensors_header = 100'000'000;

struct safetensors_entry {
  std::string name;
  std::string dtype;           // as stored: "F32", "I64"
  std::optional<number> kind;  // for floats; nothing for types that are not read
  std::vector<long> dimensions;
  std::size_t count = 0;    // elements
  std::uint64_t begin = 0;  // byte offset from the end of the header
  std::uint64_t end = 0;
};

struct safetensors_header {
  std::vector<safetensors_entry> entries;  // ordered by `begin`; contiguous
  std::map<std::string, std::string> metadata;
};

/// Reads and checks the header, up to the first byte of data. If the file's size is known, the data must fill
/// the rest of it exactly.
safetensors_header read_safetensors_header(input_file& in);

}  // namespace salient::detail
