// SPDX-License-Identifier: MIT
#include "salient/io/npy.hpp"

#include "reader.hpp"

using namespace salient;

/// What can be read can be written, and reads the same again.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::offer([&] {
    const npy array = read_npy(fuzz::file_of({data, size}));
    write_npy(fuzz::scratch_file(), array.values, array.dimensions);
    const npy again = read_npy(fuzz::scratch_file());
    fuzz::require(again.dimensions == array.dimensions && again.values == array.values);
  });
}
