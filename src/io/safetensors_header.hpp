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

/// As in the reference implementation.
constexpr std::uint64_t longest_safetensors_header = 100'000'000;

struct safetensors_entry {
  std::string name;
  std::string dtype;           // as stored: "F32", "I64"
  std::optional<number> kind;  // of floats; nothing for values that are not read
  std::vector<long> dimensions;
  std::size_t count = 0;    // elements
  std::uint64_t begin = 0;  // bytes, from the end of the header
  std::uint64_t end = 0;
};

struct safetensors_header {
  std::vector<safetensors_entry> entries;  // by `begin`, each starting where the one before ends
  std::map<std::string, std::string> metadata;
};

/// Reads and checks the header; leaves the file at the first byte of data. Where the size of the file is
/// known, the data fill the rest of it exactly.
safetensors_header read_safetensors_header(input_file& in);

}  // namespace salient::detail
