// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "salient/io/file.hpp"

namespace salient::detail {

/// The JSON entry of one tensor.
struct safetensors_words {
  std::string name;
  bool object = false;               // false for a number, a text, ...
  std::optional<std::string> dtype;  // nothing if absent or not a string
  // Nothing if absent or not a list of whole numbers.
  std::optional<std::vector<std::uint64_t>> shape, data_offsets;
};

struct safetensors_json {
  std::vector<safetensors_words> tensors;  // in file order
  std::optional<std::map<std::string, std::string>> metadata = std::map<std::string, std::string>{};
};

/// Parses a header's text. Leaves judging the entries to the caller; refuses text that is not JSON, nests too
/// deeply or repeats a name.
safetensors_json parse_safetensors_json(const input_file& in, const std::vector<std::uint8_t>& text);

}  // namespace salient::detail
