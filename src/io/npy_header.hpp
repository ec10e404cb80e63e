// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "io/numbers.hpp"
#include "salient/io/file.hpp"
#include "salient/io/npy.hpp"

namespace salient::detail {

constexpr std::uint8_t npy_signature[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

struct npy_header {
  std::string dtype;  // without its byte order
  number kind = number::f32;
  std::vector<long> dimensions;
  std::size_t count = 0;  // elements
};

/// Reads and checks the header, up to the first value.
npy_header read_npy_header(input_file& in);

/// Reads the values, which must fill the rest of the file.
npy read_npy_values(input_file& in, const npy_header& header);

}  // namespace salient::detail
