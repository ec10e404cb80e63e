// SPDX-License-Identifier: MIT
#include "salient/io/idx.hpp"

#include <optional>
#include <vector>
#include <zlib.h>

#include "reader.hpp"

using namespace salient;

namespace {

std::vector<std::uint8_t> gzipped(std::span<const std::uint8_t> bytes) {
  z_stream stream{};
  constexpr int gzip_wrapper = 15 + 16;
  fuzz::require(deflateInit2(&stream, 1, Z_DEFLATED, gzip_wrapper, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::vector<std::uint8_t> packed(deflateBound(&stream, bytes.size()));
  stream.next_in = const_cast<std::uint8_t*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  fuzz::require(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::optional<idx> read(const std::filesystem::path& path) {
  std::optional<idx> result;
  fuzz::offer([&] { result = read_idx(path); });
  return result;
}

}  // namespace

/// A raw file and its gzipped form read the same, or both are rejected.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bool gzip_itself = size >= 2 && data[0] == 0x1f && data[1] == 0x8b;
  if (gzip_itself) return 0;  // gzip.cpp covers this
  const auto raw = read(fuzz::file_of<0>({data, size}));
  const auto packed = read(fuzz::file_of<1>(gzipped({data, size})));
  fuzz::require(raw.has_value() == packed.has_value());
  if (raw) fuzz::require(raw->dimensions == packed->dimensions && raw->values == packed->values);
  return 0;
}
