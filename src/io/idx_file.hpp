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

/// An IDX file of unsigned bytes, raw or gzipped, whose header has been read and checked. Throws
/// salient::error if it is not what its header declares, as soon as that shows.
class idx_file {
 public:
  explicit idx_file(const std::filesystem::path& path);

  const std::vector<long>& dimensions() const { return dimensions_; }
  std::size_t count() const { return count_; }

  /// Whether the file is known to have all its bytes before they are read: a raw file's size says so, and the
  /// last four bytes of a single gzip member, which are its plain length.
  bool is_whole() const;

  /// The next `count` values. Memory grows with what arrives.
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
