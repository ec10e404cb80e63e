// SPDX-License-Identifier: MIT
#include "salient/io/safetensors.hpp"

#include "reader.hpp"

using namespace salient;

/// What can be read can be written, and reads the same again.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::offer([&] {
    const auto path = fuzz::file_of({data, size});
    const state_dict tensors = read_safetensors(path);
    const auto metadata = read_safetensors_metadata(path);
    write_safetensors(fuzz::scratch_file(), tensors, metadata);
    const state_dict again = read_safetensors(fuzz::scratch_file());
    fuzz::require(again.size() == tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i)
      fuzz::require(again[i].name == tensors[i].name && again[i].dimensions == tensors[i].dimensions &&
                    again[i].values == tensors[i].values);
    fuzz::require(read_safetensors_metadata(fuzz::scratch_file()) == metadata);
  });
}
