// SPDX-License-Identifier: MIT
#include "io/gzip.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <string>

#include "io/message.hpp"

namespace salient::detail {
namespace {

constexpr std::uint8_t first_magic = 0x1f;
constexpr std::uint8_t second_magic = 0x8b;

}  // namespace

plain_bytes::plain_bytes(input_file& in) : in_(in) {
  const auto magic = in.peek(2);
  compressed_ = magic.size() == 2 && magic[0] == first_magic && magic[1] == second_magic;
  constexpr int gzip_only = 16 + MAX_WBITS;
  if (compressed_ && inflateInit2(&stream_, gzip_only) != Z_OK) throw std::bad_alloc();
}

plain_bytes::~plain_bytes() {
  if (compressed_) inflateEnd(&stream_);
}

std::size_t plain_bytes::read(std::span<std::uint8_t> to) {
  if (!compressed_) return in_.read(to);
  constexpr std::size_t most = std::numeric_limits<uInt>::max();
  std::size_t got = 0;
  while (got < to.size()) {
    const auto part = to.subspan(got, std::min(most, to.size() - got));
    const std::size_t n = inflate_into(part);
    got += n;
    if (n < part.size()) break;
  }
  return got;
}

bool plain_bytes::refill() {
  if (stream_.avail_in == 0) {
    stream_.next_in = buffer_.data();
    stream_.avail_in = static_cast<uInt>(in_.read(buffer_));
  }
  return stream_.avail_in > 0;
}

std::size_t plain_bytes::inflate_into(std::span<std::uint8_t> to) {
  stream_.next_out = to.data();
  stream_.avail_out = static_cast<uInt>(to.size());
  while (stream_.avail_out > 0) {
    if (!refill()) {
      if (between_members_) break;
      fail(in_.path(), "the gzip data are cut short; copy or download the file again");
    }
    if (between_members_) {
      if (*stream_.next_in != first_magic)
        fail(in_.path(), "has trailing bytes after the gzip data; copy or download the file again");
      inflateReset(&stream_);
      between_members_ = false;
    }
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_STREAM_END)
      between_members_ = true;
    else if (status != Z_OK && status != Z_BUF_ERROR)
      fail(in_.path(), "the gzip data are corrupt (" +
                           printable(stream_.msg ? stream_.msg : "zlib error " + std::to_string(status)) +
                           "); copy or download the file again");
  }
  return to.size() - stream_.avail_out;
}

}  // namespace salient::detail
