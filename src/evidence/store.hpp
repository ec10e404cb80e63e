// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "evidence/figures.hpp"
#include "salient/core/warning.hpp"

namespace salient::evidence {

/// What the values in the files of parts depend on, besides a part's own network, weights and method.
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

/// The finished parts of a run, a file each in a folder, from which an interrupted run goes on. Several
/// processes may keep parts at once.
class store {
 public:
  /// Touches nothing yet.
  store(std::filesystem::path folder, run_key key) : folder_(std::move(folder)), key_(std::move(key)) {}

  /// Reads the folder if there is one. Files that are damaged, or of another run, are removed with a warning.
  void take(const salient::warning_handler& warn);
  /// Null if no finished part was taken.
  const measured* find(const part_key& part) const;
  /// Writes the file of a part, which is complete or not there. Throws salient::error.
  void keep(const part_key& part, const measured& values) const;
  /// Removes the files, and the folder if it has no others.
  void clear();

  const std::filesystem::path& folder() const { return folder_; }
  /// Parts that were taken.
  std::size_t found() const { return parts_.size(); }

 private:
  std::filesystem::path folder_;
  run_key key_;
  std::map<part_key, measured> parts_;
};

/// FNV-1a of the bytes, in 16 hexadecimal digits: tells files and damage apart, and is no seal.
std::string hash_of(std::string_view bytes);

}  // namespace salient::evidence
