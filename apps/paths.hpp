// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/namespace.hpp"
#include "salient/core/error.hpp"
#include "salient/io/idx.hpp"

namespace apps {

/// A folder that comes with the programs, "data" or "weights": in share/salient beside the installed program,
/// or in the source tree. Throws salient::error if it is in neither place.
inline std::filesystem::path share(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path installed = program.parent_path().parent_path() / "share" / "salient" / folder;
  const fs::path source = fs::path(SALIENT_APPS_SOURCE) / folder;
  for (const fs::path& place : {installed, source})
    if (fs::is_directory(place, ignored)) return place;
  throw salient::error("the folder '" + folder + "' is neither at " + installed.string() + " nor at " +
                       source.string() + "; install salient again, or name your own files");
}

/// Number of test digits.
inline constexpr long test_digits_count = 10'000;

/// The 10,000 test digits of MNIST.
inline salient::labelled_images test_digits() {
  return salient::read_mnist(share("data"), salient::split::test);
}

/// The test digits with these indices. Throws salient::error if an index is out of range.
inline salient::labelled_images test_digits(const std::vector<long>& numbers) {
  const auto folder = share("data");
  const long count = salient::mnist_size(folder, salient::split::test);
  for (const long number : numbers)
    if (number >= count)
      throw salient::error("digit " + std::to_string(number) +
                           " is out of range: the test set has digits 0 to " + std::to_string(count - 1));
  return salient::read_mnist(folder, salient::split::test, numbers);
}

/// The file of their pixels.
inline std::filesystem::path test_digits_file() {
  const auto file = share("data") / "t10k-images-idx3-ubyte";
  std::error_code ignored;
  return std::filesystem::exists(file, ignored) ? file : std::filesystem::path(file.string() + ".gz");
}

/// `given`, or if it is empty the path of the network's committed weights.
inline std::string weights_file(const std::string& network, const std::string& given = {}) {
  return given.empty() ? (share("weights") / (network + ".safetensors")).string() : given;
}

}  // namespace apps
