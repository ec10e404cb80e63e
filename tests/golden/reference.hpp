// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "salient/core/tensor.hpp"

namespace salient::golden {

inline const std::filesystem::path root = SALIENT_SOURCE_DIR;
inline const std::filesystem::path folder = root / "tests/golden";

/// manifest.json: a list of {network, weights, maps}.
inline nlohmann::json manifest() {
  std::ifstream in(folder / "manifest.json");
  return nlohmann::json::parse(in);
}

/// The manifest's entry for a network.
inline nlohmann::json references_of(std::string_view network) {
  for (nlohmann::json& entry : manifest())
    if (entry["network"] == network) return entry;
  throw std::runtime_error("manifest.json has no network " + std::string(network));
}

struct array {
  std::vector<long> dimensions;
  std::vector<double> values;
};

/// Reads a safetensors file in full precision; the library's own reader converts to float32.
inline std::map<std::string, array> read_arrays(const std::filesystem::path& file) {
  static_assert(std::endian::native == std::endian::little);
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) throw std::runtime_error(file.string() + " cannot be read");
  std::memcpy(&length, bytes.data(), sizeof length);
  const char* data = bytes.data() + sizeof length + length;
  const auto header = nlohmann::json::parse(bytes.substr(sizeof length, length));
  std::map<std::string, array> result;
  for (const auto& [name, t] : header.items()) {
    if (name == "__metadata__") continue;
    const auto copy = [&]<class T>(T) {
      const std::size_t begin = t["data_offsets"][0], end = t["data_offsets"][1];
      std::vector<T> values((end - begin) / sizeof(T));
      std::memcpy(values.data(), data + begin, end - begin);
      result[name] = {t["shape"], {values.begin(), values.end()}};
    };
    if (t["dtype"] == "F64")
      copy(double());
    else if (t["dtype"] == "F32")
      copy(float());
    else if (t["dtype"] == "U8")
      copy(std::uint8_t());
    else
      throw std::runtime_error(file.string() + ": " + name + " has an unknown type");
  }
  return result;
}

/// Converts an array of N x H x W x C.
template <class T>
basic_tensor<T> to_tensor(const array& a) {
  basic_tensor<T> result({static_cast<int>(a.dimensions.at(1)), static_cast<int>(a.dimensions.at(2)),
                          static_cast<int>(a.dimensions.at(3))},
                         a.dimensions.at(0));
  result.values.assign(a.values.begin(), a.values.end());
  return result;
}

/// Describes the largest difference of two lists if it exceeds `tolerance` times the largest expected
/// magnitude; otherwise empty. If all expected values are zero, all values must be zero.
template <class T>
std::string difference(std::span<const T> actual, std::span<const double> expected, double tolerance) {
  if (actual.size() != expected.size())
    return "has " + std::to_string(actual.size()) + " values, not " + std::to_string(expected.size());
  double largest = 0, worst = 0;
  std::size_t at = 0, wrong = 0;
  for (const double v : expected) largest = std::max(largest, std::abs(v));
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double off = std::abs(static_cast<double>(actual[i]) - expected[i]);
    if (!(off <= tolerance * largest)) ++wrong;
    if (!(off <= worst)) worst = off, at = i;  // also true for NaN, which compares false
  }
  if (wrong == 0) return {};
  std::ostringstream text;
  text.precision(12);
  text << "differs at " << wrong << " of " << actual.size() << " values, most at value " << at << ": "
       << actual[at] << " for " << expected[at] << ", off by " << worst / largest
       << " of the largest magnitude " << largest << " (allowed: " << tolerance << ")";
  return text.str();
}

}  // namespace salient::golden
