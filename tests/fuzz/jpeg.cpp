// SPDX-License-Identifier: MIT
#include "salient/io/jpeg.hpp"

#include "reader.hpp"

using namespace salient;

/// A readable file has a byte for every pixel and channel.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = fuzz::file_of({data, data + size});
  for (const int channels : {1, 3})
    fuzz::offer([&] {
      const picture image = read_jpeg(path, channels);
      fuzz::require(image.channels == channels &&
                    image.bytes.size() == static_cast<std::size_t>(image.height) *
                                              static_cast<std::size_t>(image.width) *
                                              static_cast<std::size_t>(channels));
    });
  return 0;
}
