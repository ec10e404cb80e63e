// SPDX-License-Identifier: MIT
#pragma once

// Shared by the fuzz targets: passing bytes as a file, and what a reader may do with them.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <unistd.h>

#include <sys/mman.h>

#include "salient/core/error.hpp"

namespace salient::fuzz {

/// The path of a file in memory that holds `bytes` until the next call. Each `Which` has its own file.
template <int Which = 0>
std::filesystem::path file_of(std::span<const std::uint8_t> bytes) {
  static const int file = memfd_create("fuzz", MFD_CLOEXEC);
  if (ftruncate(file, 0) != 0 ||
      pwrite(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    std::abort();
  return "/proc/self/fd/" + std::to_string(file);
}

/// A scratch file to write and read back; removed at exit.
inline const std::filesystem::path& scratch_file() {
  static const struct scratch {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("salient-fuzz-" + std::to_string(getpid()));
    ~scratch() { std::filesystem::remove(path); }
  } file;
  return file.path;
}

/// Aborts, so that the fuzzer reports an input that violates a law like a crash.
inline void require(bool holds) {
  if (!holds) std::abort();
}

/// Runs `read`, which may reject the input only by throwing salient::error.
template <class F>
int offer(const F& read) {
  try {
    read();
  } catch (const error&) {
  }
  return 0;
}

}  // namespace salient::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
