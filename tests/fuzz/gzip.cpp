// SPDX-License-Identifier: MIT
#include "reader.hpp"
#include "salient/io/idx.hpp"

using namespace salient;

/// Gzipped IDX files with damage in the gzip stream.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::offer([&] {
    const idx content = read_idx(fuzz::file_of({data, size}));
    std::size_t values = 1;
    for (const int d : content.dimensions) values *= static_cast<std::size_t>(d);
    fuzz::require(content.values.size() == values);
  });
}
