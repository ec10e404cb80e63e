// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/onnx/fields.hpp"
#include "io/onnx/mapped_file.hpp"
#include "io/onnx/model.hpp"

namespace salient::onnx {

/// What keeps the bytes of tensors: the file, files of external data, and values that had to be converted.
struct storage {
  explicit storage(const std::filesystem::path& from) : path(from), file(from) {}

  std::filesystem::path path;
  mapped_file file;
  struct external {
    std::optional<mapped_file> file;
    std::string absent;  // why there is no file, in the form 'is missing; do this'
  };
  std::map<std::string, external> externals;  // by location
  std::deque<std::vector<std::uint8_t>> converted;
};

/// What readers of messages share.
struct context {
  context(const std::filesystem::path& from, weights w)
      : storage(std::make_shared<onnx::storage>(from)), path(storage->path), external(w) {}

  std::shared_ptr<onnx::storage> storage;
  const std::filesystem::path& path;
  weights external;
  std::map<std::string, std::string> missing{};
};

/// Reads a TensorProto, a NodeProto, a ValueInfoProto and a GraphProto.
tensor read_tensor(fields from, context& with);
node read_node(fields from, context& with);
value_info read_value_info(fields from);
graph read_graph(fields from, context& with);

/// Reads a StringStringEntryProto, a key and its value.
std::pair<std::string, std::string> read_entry(fields from);

/// Bytes per element.
std::size_t bytes_of(element type);
bool is_known(std::int64_t data_type);

/// 'tensor "name"', or "a tensor without a name".
std::string title(const tensor& named);

/// Where external data lies, by the entries of TensorProto.external_data.
using external_entries = std::map<std::string, std::string, std::less<>>;

/// Finds a tensor's `size` bytes in its file of external data. If the file is missing or too short, the error
/// is thrown, or kept in `values.absent` and listed in the context, as weights::optional asks.
void find_external(tensor& values, std::size_t size, const external_entries& entries, context& with);

}  // namespace salient::onnx
