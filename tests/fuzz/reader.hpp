// SPDX-License-Identifier: MIT
#pragma once

// What the fuzz targets share: bytes as a file, and what a reader may do with them.

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

/// A file in memory that holds `bytes` until the next call. Another call's path is another file's.
template <int Which = 0>
std::filesystem::path file_of(std::span<const std::uint8_t> bytes) {
  static const int file = memfd_create("fuzz", MFD_CLOEXEC);
  if (ftruncate(file, 0) != 0 ||
      pwrite(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    std::abort();
  return "/proc/self/fd/" + std::to_string(file);
}

/// Where to write what is to be read back; the file goes when the process does.
inline const std::filesystem::path& scratch_file() {
  static const struct scratch {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("salient-fuzz-" + std::to_string(getpid()));
    ~scratch() { std::filesystem::remove(path); }
  } file;
  return file.path;
}

/// A law that the input breaks is a find, as a crash is.
inline void require(bool holds) {
  if (!holds) std::abort();
}

/// Runs `read`, which may refuse the input with salient::error and in no other way.
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
