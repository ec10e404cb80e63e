// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "salient/io/file.hpp"

namespace salient::onnx {

/// The bytes of a file. A regular file is mapped, so that memory holds only the parts that are used and the
/// system can drop them again. Cutting the file short meanwhile ends the program, as with every mapping.
class mapped_file {
 public:
  /// Opens a file to read: a regular one, or a pipe or device, which is read into memory. Throws
  /// salient::error if it cannot be read or is longer than a protobuf can be.
  explicit mapped_file(const std::filesystem::path& path);
  /// Maps an open regular file of `size` bytes. Throws salient::error, which names `path`.
  mapped_file(const std::filesystem::path& path, const descriptor& file, std::uintmax_t size);

  mapped_file(mapped_file&& other) noexcept
      : read_(std::move(other.read_)), mapped_(std::exchange(other.mapped_, {})) {}
  mapped_file& operator=(mapped_file&&) = delete;
  ~mapped_file();

  std::span<const std::uint8_t> bytes() const { return mapped_.empty() ? read_ : mapped_; }

 private:
  std::vector<std::uint8_t> read_;
  std::span<const std::uint8_t> mapped_;
};

}  // namespace salient::onnx
