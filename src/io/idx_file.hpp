// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/gzip.hpp"
#include "salient/io/file.hpp"

namespace salient::detail {

/// Values that are read as a whole.
inline constexpr std::size_t most_at_once = std::size_t{1} << 30;

/// An IDX file of unsigned bytes, raw or gzipped; the constructor reads and checks the header. Throws
/// salient::error as soon as the data turn out not to match it.
class idx_file {
 public:
  /// `most`: values that it may hold.
  explicit idx_file(const std::filesystem::path& path, std::size_t most = most_at_once);

  const std::vector<long>& dimensions() const { return dimensions_; }
  std::size_t count() const { return count_; }

  /// Whether the size of the data is known to be right before they are read: from the size of a raw file, or
  /// the last four bytes of a single gzip member, which hold its uncompressed size.
  bool is_whole() const;

  /// Reads the next `count` values. Memory grows with the bytes that arrive.
  std::vector<std::uint8_t> read(std::size_t count);
  void skip(std::size_t count);
  void expect_end();

 private:
  std::vector<long> read_dimensions();
  std::string declared_text() const;
  [[noreturn]] void complain(const std::string& found) const;

  input_file in_;
  plain_bytes bytes_;
  std::vector<long> dimensions_;
  std::size_t count_ = 0, done_ = 0;
};

}  // namespace salient::detail
