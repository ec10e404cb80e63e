// SPDX-License-Identifier: MIT
// label: cuda
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace salient {
namespace {

// Parses the "fat binary" that nvcc puts into an object: a header and one entry per architecture. NVIDIA does
// not document the format; cuobjdump --list-elf and --list-ptx would do, but not every toolkit has them.
constexpr std::uint32_t magic = 0xBA55ED50;
struct binary_header {
  std::uint32_t magic;
  std::uint16_t version, header_size;
  std::uint64_t size;  // of all entries together
};
struct entry_header {
  std::uint16_t kind, attributes;
  std::uint32_t header_size;
  std::uint64_t size;
  std::uint32_t unknown[3], architecture;
};
enum kind { ptx = 1, machine_code = 2 };

using code = std::set<std::pair<int, int>>;  // kind and architecture

template <class T>
T read(const std::string& bytes, std::size_t at) {
  T value{};
  if (at + sizeof(T) <= bytes.size()) std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

code code_of(const std::string& object) {
  std::ifstream file(object, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const std::string mark(reinterpret_cast<const char*>(&magic), sizeof magic);
  code found;
  for (std::size_t at = 0; (at = bytes.find(mark, at)) != std::string::npos;) {
    const auto header = read<binary_header>(bytes, at);
    std::size_t entry = at + header.header_size;
    at = std::min(bytes.size(), entry + header.size);
    while (entry < at) {
      const auto e = read<entry_header>(bytes, entry);
      found.emplace(e.kind, static_cast<int>(e.architecture));
      entry += e.header_size + e.size;
    }
  }
  return found;
}

/// The code that CMAKE_CUDA_ARCHITECTURES requests: "75-real" is machine code, "75-virtual" PTX, "75" both.
code asked_for() {
  code wanted;
  std::istringstream list(SALIENT_CUDA_ARCHITECTURES);
  for (std::string one; std::getline(list, one, ',');) {
    const int architecture = std::stoi(one);
    if (one.find("-virtual") == std::string::npos) wanted.emplace(machine_code, architecture);
    if (one.find("-real") == std::string::npos) wanted.emplace(ptx, architecture);
  }
  return wanted;
}

TEST(gpu_code, is_for_the_architectures_asked_for_in_every_kernels_object) {
  if (std::string(SALIENT_CUDA_ARCHITECTURES).find_first_of("0123456789") != 0)
    GTEST_SKIP() << "which architectures '" SALIENT_CUDA_ARCHITECTURES "' are, nvcc alone knows";
  std::set<std::string> kernels;
  std::istringstream list(SALIENT_OBJECTS);
  for (std::string object; std::getline(list, object, ',');) {
    const std::size_t name = object.rfind('/') + 1;
    if (object.find(".cu.", name) == std::string::npos) continue;
    EXPECT_EQ(code_of(object), asked_for()) << object;
    kernels.insert(object.substr(name, object.find('.', name) - name));
  }
  EXPECT_EQ(kernels, (std::set<std::string>{"attribution", "batch_norm", "conv", "elementwise",
                                            "enqueue_product", "few_columns", "few_rows", "launch_float32",
                                            "launch_tf32", "layer_norm", "local_response_norm", "map",
                                            "multiply", "pool", "rearrange", "score_gradient", "winograd"}));
}

TEST(gpu_code, of_an_object_for_the_cpu_is_none) {
  EXPECT_EQ(code_of(std::string(SALIENT_OBJECTS).substr(0, std::string(SALIENT_OBJECTS).find(','))), code());
}

}  // namespace
}  // namespace salient
