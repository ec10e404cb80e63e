// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace salient::detail {

/// Reads up to `limit` bytes with `source.read(span)`, which returns fewer bytes than requested only at the
/// end. The buffer doubles as bytes arrive, so a header with a false size costs no memory.
template <class Source>
std::vector<std::uint8_t> read_growing(Source& source, std::size_t limit) {
  constexpr std::size_t first = 1 << 16;
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < limit) {
    const std::size_t had = bytes.size();
    bytes.resize(std::min(limit, std::max(2 * had, first)));
    const std::size_t got = had + source.read(std::span(bytes).subspan(had));
    if (got < bytes.size()) {
      bytes.resize(got);
      break;
    }
  }
  return bytes;
}

}  // namespace salient::detail
