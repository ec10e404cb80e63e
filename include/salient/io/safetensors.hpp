// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "salient/core/state_dict.hpp"
#include "salient/core/tensor_stream.hpp"

namespace salient {

/// Reads every tensor of a safetensors file, in the order in which their data lies. F32, F64, F16 and BF16
/// become float. Throws salient::error unless the file is sound to the last byte (header, types, sizes, no
/// holes or overlaps, nothing after the data), every tensor is of these types and every value is finite.
/// Memory is bounded by the size of the file.
state_dict read_safetensors(const std::filesystem::path& path);

/// The same file, opened and its header checked, whose values are read as they are asked for. What
/// read_safetensors refuses, this refuses when it comes to it; tensors of other types can be skipped.
tensor_stream stream_safetensors(const std::filesystem::path& path);

/// The free-text entries (`__metadata__`) of a safetensors file; empty if it has none.
std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& path);

/// Writes tensors as F32, in their order. The file appears whole or not at all. Throws salient::error if
/// a name appears twice, the values do not fill the dimensions, a value is not finite, or writing fails.
void write_safetensors(const std::filesystem::path& path, const state_dict& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace salient
