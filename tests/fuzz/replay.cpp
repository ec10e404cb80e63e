// SPDX-License-Identifier: MIT

// For compilers without libFuzzer: runs the target once on every file of the given folders.

#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "reader.hpp"

int main(int argc, char** argv) {
  int files = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& file : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++files;
    }
  std::cout << files << " files replayed\n";
  return files > 0 ? 0 : 1;
}
