// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "salient/core/export.hpp"
#include "salient/core/state_dict.hpp"
#include "salient/core/tensor_stream.hpp"

namespace salient {

/// Reads all tensors of a safetensors file, in the order of their data. F32, F64, F16 and BF16 become float.
/// Throws salient::error unless the whole file is valid (header, types, sizes, no holes or overlaps, nothing
/// after the data), every tensor has one of these types and every value is finite. Memory is bounded by the
/// size of the file.
SALIENT_EXPORT state_dict read_safetensors(const std::filesystem::path& path);

/// Opens such a file and checks its header; values are read on demand. Errors are those of read_safetensors,
/// thrown when the reading reaches them. Tensors of other types can be skipped.
SALIENT_EXPORT tensor_stream stream_safetensors(const std::filesystem::path& path);

/// The metadata (`__metadata__`) of a safetensors file; empty if it has none.
SALIENT_EXPORT std::map<std::string, std::string> read_safetensors_metadata(
    const std::filesystem::path& path);

/// Writes tensors atomically as F32, in this order. Throws salient::error if a name repeats, values do not
/// fill the dimensions, a value is not finite, or writing fails.
SALIENT_EXPORT void write_safetensors(const std::filesystem::path& path, const state_dict& tensors,
                                      const std::map<std::string, std::string>& metadata = {});

/// A tensor whose values are computed when they are written, or whole numbers.
struct tensor_source {
  std::string name;
  std::vector<long> dimensions;
  /// Fills `to` with the values from `first` on. It is called for one part after another.
  std::function<void(std::size_t first, std::span<float> to)> read;
  /// Whole numbers, which are written as I64 instead; they fill the dimensions.
  std::optional<std::vector<std::int64_t>> whole{};
};

/// The same for tensors that need not be in memory, not even one as a whole.
SALIENT_EXPORT void write_safetensors_stream(const std::filesystem::path& path,
                                             const std::vector<tensor_source>& tensors,
                                             const std::map<std::string, std::string>& metadata = {});

}  // namespace salient
