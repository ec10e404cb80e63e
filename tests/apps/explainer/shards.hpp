// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "program.hpp"

/// A tensor of a shard, whose file is read here by its format's description.
struct shard_tensor {
  std::vector<long> shape;
  std::vector<float> values;
  std::vector<std::int64_t> whole;  // of I64
};

inline std::map<std::string, shard_tensor> read_shard(const std::filesystem::path& file) {
  const std::string bytes = content_of(file);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  std::map<std::string, shard_tensor> all;
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  for (const auto& [name, tensor] : header.items()) {
    if (name == "__metadata__") continue;
    shard_tensor& t = all[name];
    t.shape = tensor.at("shape").get<std::vector<long>>();
    const std::size_t first = tensor.at("data_offsets")[0], end = tensor.at("data_offsets")[1];
    const auto fill = [&](auto& values) {
      values.resize((end - first) / sizeof values[0]);
      if (!values.empty()) std::memcpy(values.data(), bytes.data() + 8 + length + first, end - first);
    };
    if (tensor.at("dtype") == "I64")
      fill(t.whole);
    else
      fill(t.values);
  }
  return all;
}

inline std::vector<nlohmann::json> read_table(const std::filesystem::path& file) {
  std::vector<nlohmann::json> lines;
  std::istringstream text(content_of(file));
  for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

/// The content of all files in a folder and its folders, by their paths.
inline std::map<std::string, std::string> all_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      all[entry.path().lexically_relative(folder).string()] = content_of(entry.path());
  return all;
}
