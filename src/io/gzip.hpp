// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <zlib.h>

#include "salient/io/file.hpp"

namespace salient::detail {

/// The bytes of a file, decompressed if it starts with gzip's signature. Throws salient::error if the
/// compressed data are corrupt (the CRC of each member is checked), truncated or followed by other data.
class plain_bytes {
 public:
  explicit plain_bytes(input_file& in);
  plain_bytes(const plain_bytes&) = delete;
  plain_bytes& operator=(const plain_bytes&) = delete;
  ~plain_bytes();

  bool compressed() const { return compressed_; }

  /// Fills `to`; returns the number of bytes read, fewer than requested only at the end.
  std::size_t read(std::span<std::uint8_t> to);

 private:
  bool refill();
  std::size_t inflate_into(std::span<std::uint8_t> to);

  input_file& in_;
  bool compressed_ = false;
  bool between_members_ = false;
  z_stream stream_{};
  std::array<std::uint8_t, 1 << 15> buffer_{};
};

}  // namespace salient::detail
