// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "evidence/figures.hpp"
#include "salient/core/warning.hpp"

namespace salient::evidence {

/// What the values in a file of parts depend on, besides a part's own network, weights and method.
struct run_key {
  std::uint64_t seed = 0;
  long images = 0;
  std::string arithmetic{};  ///< "cpu, fastest" or "gpu, direct, tf32": kernels round differently
  std::string sample{};      ///< a hash of the images, their labels, and how networks take them
  std::string version{};     ///< of the library, whose methods, defaults and figures may change

  bool operator==(const run_key&) const = default;
};

/// One method on one network.
struct part_key {
  std::string network;
  std::string weights;  ///< a hash of the file
  std::string method;

  auto operator<=>(const part_key&) const = default;
};

/// The finished parts of a run, in memory and in a file, from which an interrupted run goes on.
class store {
 public:
  /// Reads the file if there is one. A damaged file, or one of another run, is passed over with a warning,
  /// and replaced by the first part.
  store(std::filesystem::path file, run_key key, const salient::warning_handler& warn);

  /// Null if the part is not finished.
  const measured* find(const part_key& part) const;
  /// Adds a part and writes the file whole: it is complete or as it was. Throws salient::error.
  void keep(const part_key& part, measured values);
  /// Removes the file.
  void clear();

  /// Parts that were in the file.
  std::size_t found() const { return found_; }

 private:
  std::filesystem::path file_;
  run_key key_;
  std::map<part_key, measured> parts_;
  std::size_t found_ = 0;
};

/// FNV-1a of the bytes, in 16 hexadecimal digits: tells files and damage apart, and is no seal.
std::string hash_of(std::string_view bytes);

}  // namespace salient::evidence
