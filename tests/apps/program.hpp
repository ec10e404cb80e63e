// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// What a program that ended said.
struct ending {
  int code = -1;  ///< -1 if a signal ended it
  std::string out;
  std::string err;
};

/// An empty folder in which programs run, gone with all its files at the end.
class workshop {
 public:
  workshop();
  workshop(const workshop&) = delete;
  workshop& operator=(const workshop&) = delete;
  ~workshop();

  /// Runs salient-`program` there; what it prints goes to `output` if that is given.
  ending run(const std::string& program, const std::vector<std::string>& arguments,
             std::filesystem::path output = {}) const;

  std::filesystem::path operator/(const std::string& file) const { return folder_ / "here" / file; }
  /// The names of the files in it, sorted.
  std::vector<std::string> files() const;

 private:
  std::filesystem::path folder_;
};

/// "--digit 0 --raw map.npy" as arguments.
std::vector<std::string> words(const std::string& line);

/// The names of all demos, "grad-cam".
extern const std::vector<std::string> demos;
