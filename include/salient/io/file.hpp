// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "salient/core/standard_library.hpp"

namespace salient {

/// An open file of the operating system, closed when it goes.
class descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor();

  int number() const { return number_; }
  /// Closes now; false (and errno) if the system reports a late write error.
  bool close();

 private:
  int number_;
};

/// A file read from front to back: a regular file, a pipe or a device.
/// Throws salient::error if the file is absent, a folder, or may not be read.
class input_file {
 public:
  explicit input_file(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }

  /// Bytes not yet read; nothing for a pipe or a device, which do not tell.
  std::optional<std::uintmax_t> remaining() const;

  /// Fills `to`; returns how many bytes came, fewer than asked for at the end of the file only.
  std::size_t read(std::span<std::uint8_t> to);

  /// Up to `limit` bytes. Memory grows with what arrives, never with `limit`.
  std::vector<std::uint8_t> read_up_to(std::size_t limit);

  /// The last `count` bytes of a regular file, of which nothing is consumed; none for a shorter file, a pipe
  /// or a device.
  std::vector<std::uint8_t> last(std::size_t count) const;

  /// Looks at the next `count` bytes (fewer at the end) without consuming them.
  std::span<const std::uint8_t> peek(std::size_t count);

 private:
  std::filesystem::path path_;
  descriptor file_;
  std::optional<std::uintmax_t> size_;
  std::uintmax_t consumed_ = 0;
  std::vector<std::uint8_t> ahead_;
};

/// Writes a file whole or not at all: the bytes go to `.tmp-<unique>` in the target's folder, a file that
/// `commit` renames to the target. Without a commit the temporary file is removed and an earlier target
/// stays as it was. A target that is a device or a pipe (/dev/stdout) is written to directly. Every failure
/// is a salient::error.
class output_file {
 public:
  explicit output_file(std::filesystem::path target);
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;
  ~output_file();

  void write(std::span<const std::uint8_t> bytes);
  void commit();

 private:
  std::filesystem::path target_;     // as the user named it, for messages
  std::filesystem::path resolved_;   // behind any symbolic links
  std::filesystem::path temporary_;  // empty: written directly, or committed
  descriptor file_;
};

/// Throws salient::error if `target` could not be written now: a program can tell before it computes
/// anything. Leaves nothing behind, and opens no device or pipe.
void check_writable(const std::filesystem::path& target);

/// An output_file written and committed in one go.
void write_file(const std::filesystem::path& target, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& target, std::string_view text);

}  // namespace salient
