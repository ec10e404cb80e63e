// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "salient/io/file.hpp"

namespace salient::detail {

/// What the JSON says of one tensor.
struct safetensors_words {
  std::string name;
  bool object = false;               // else a number, text, ...
  std::optional<std::string> dtype;  // nothing where it is absent or no text
  // Nothing where they are absent or no list of whole numbers.
  std::optional<std::vector<std::uint64_t>> shape, data_offsets;
};

struct safetensors_json {
  std::vector<safetensors_words> tensors;  // as they come
  std::optional<std::map<std::string, std::string>> metadata = std::map<std::string, std::string>{};
};

/// Reads a header's text. What a tensor says is for others to judge; text that is no JSON, nests deeper than
/// headers do, or has a name twice is refused.
safetensors_json parse_safetensors_json(const input_file& in, const std::vector<std::uint8_t>& text);

}  // namespace salient::detail
