// SPDX-License-Identifier: MIT
#include "io/onnx/not_onnx.hpp"

#include <algorithm>
#include <string_view>

#include "io/file_kind.hpp"

namespace salient::onnx {
namespace {

/// Kinds that people take for a model, with what to do.
std::string_view mistaken_kind(std::string_view start, std::size_t size) {
  if (start.starts_with("version https://git-lfs"))
    return "is a pointer of Git LFS to the file; fetch the file itself with 'git lfs pull'";
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && start[first] == '<')
    return "is a web page or XML; download the file itself";
  if (start.substr(0, 8).ends_with("TFL3")) return "is a TensorFlow Lite model; convert it with tf2onnx";
  if (start.size() > 8 && start[8] == '{') {
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 8; ++i) length |= std::uint64_t{static_cast<std::uint8_t>(start[i])} << 8 * i;
    if (length <= size - 8)
      return "is a safetensors file, which has weights but no network; export the model";
  }
  return {};
}

}  // namespace

std::optional<std::string> other_kind(std::span<const std::uint8_t> bytes, const std::string& expected) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()),
                               std::min<std::size_t>(bytes.size(), 64));
  if (const auto kind = mistaken_kind(start, bytes.size()); !kind.empty()) {
    const std::size_t end = std::min(kind.find(';'), kind.size());
    return std::string(kind.substr(0, end)) + ", expected " + expected + std::string(kind.substr(end));
  }
  const std::string kind = detail::kind_of(bytes, expected);
  if (kind.starts_with("is not ")) return {};
  return kind + (bytes.empty() ? "; copy or export it again" : "; export the network as ONNX");
}

}  // namespace salient::onnx
