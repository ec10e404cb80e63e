// SPDX-License-Identifier: MIT
#include "salient/io/npy.hpp"

#include <algorithm>
#include <cmath>

#include "reader.hpp"
#include "salient/io/image.hpp"

using namespace salient;

/// A readable file can be written and reads the same again. As an image, it has finite values for its shape.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = fuzz::file_of({data, size});
  for (const shape expected : {shape{2, 3, 1}, shape{1, 2, 3}, shape{3, 3, 3}, shape{2, 1, 4}})
    fuzz::offer([&] {
      const tensor image = read_image(path, expected, [](const std::string&) {});
      fuzz::require(image.extent == expected && image.batch == 1 &&
                    image.values.size() == static_cast<std::size_t>(expected.elements()));
      fuzz::require(std::ranges::all_of(image.values, [](float v) { return std::isfinite(v); }));
    });
  return fuzz::offer([&] {
    const npy array = read_npy(path);
    write_npy(fuzz::scratch_file(), array.values, array.dimensions);
    const npy again = read_npy(fuzz::scratch_file());
    fuzz::require(again.dimensions == array.dimensions && again.values == array.values);
  });
}
