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

#include "salient/core/export.hpp"
#include "salient/core/standard_library.hpp"

namespace salient {

/// A file descriptor, closed by the destructor.
class SALIENT_EXPORT descriptor {
 public:
  explicit descriptor(int number = -1) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor();

  int number() const { return number_; }
  /// Closes now; false, with errno set, if the system reports a late write error.
  bool close();

 private:
  int number_;
};

/// A file that is read sequentially: a regular file, a pipe or a device. Throws salient::error if it does not
/// exist, is a folder or is not readable.
class SALIENT_EXPORT input_file {
 public:
  explicit input_file(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }

  /// Number of unread bytes; nothing for a pipe or device, whose size is unknown.
  std::optional<std::uintmax_t> remaining() const;

  /// Fills `to`; returns the number of bytes read, fewer than requested only at the end of the file.
  std::size_t read(std::span<std::uint8_t> to);

  /// Skips bytes, in a regular file without reading them; fewer at the end.
  void skip(std::uintmax_t count);

  /// Reads up to `limit` bytes. Memory grows with the bytes that arrive, not with `limit`.
  std::vector<std::uint8_t> read_up_to(std::size_t limit);

  /// The last `count` bytes of a regular file, without consuming them; empty for a shorter file, a
  /// pipe or a device.
  std::vector<std::uint8_t> last(std::size_t count) const;

  /// Returns the next `count` bytes, fewer at the end, without consuming them.
  std::span<const std::uint8_t> peek(std::size_t count);

 private:
  std::filesystem::path path_;
  descriptor file_;
  std::optional<std::uintmax_t> size_;
  std::uintmax_t consumed_ = 0;
  std::vector<std::uint8_t> ahead_;
};

/// Writes a file atomically: bytes go to `.tmp-<unique>` in the target's folder, which `commit` renames to
/// the target. Without a commit the temporary file is removed and an existing target stays unchanged. A
/// device or pipe (/dev/stdout) is written to directly. Every failure throws salient::error.
class SALIENT_EXPORT output_file {
 public:
  explicit output_file(std::filesystem::path target);
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;
  ~output_file();

  void write(std::span<const std::uint8_t> bytes);
  void commit();

 private:
  std::filesystem::path target_;     // as the user named it, for messages
  std::filesystem::path resolved_;   // after resolving symbolic links
  std::filesystem::path temporary_;  // empty if written directly, or committed
  descriptor file_;
};

/// Returns when a file's content, or a folder's list of files, would outlast a failure of power. Throws
/// salient::error.
SALIENT_EXPORT void sync_to_disk(const std::filesystem::path& path);

/// Throws salient::error if `target` is not writable now, so that a program can fail before it computes.
/// Leaves nothing behind, and opens no device or pipe.
SALIENT_EXPORT void check_writable(const std::filesystem::path& target);

/// Writes and commits an output_file.
SALIENT_EXPORT void write_file(const std::filesystem::path& target, std::span<const std::uint8_t> bytes);
SALIENT_EXPORT void write_file(const std::filesystem::path& target, std::string_view text);

}  // namespace salient
