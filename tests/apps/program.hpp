// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

/// The result of a program.
struct ending {
  int code = -1;  ///< -1 if a signal terminated it
  std::string out;
  std::string err;
  long peak = 0;  ///< the most bytes of memory that it held, with the pages of files that it mapped
};

/// A temporary folder in which programs run; removed with its files by the destructor.
class workshop {
 public:
  workshop();
  workshop(const workshop&) = delete;
  workshop& operator=(const workshop&) = delete;
  ~workshop();

  /// Runs salient-`program` in the folder. stdout goes to the file `output` if one is given.
  ending run(const std::string& program, const std::vector<std::string>& arguments,
             const std::filesystem::path& output = {}) const;

  /// Starts it, and kills it as soon as `appeared` says so. False if it ended before.
  bool kill_once(const std::function<bool()>& appeared, const std::string& program,
                 const std::vector<std::string>& arguments) const;

  std::filesystem::path operator/(const std::string& file) const { return folder_ / "here" / file; }
  /// The names of the files in the folder, sorted.
  std::vector<std::string> files() const;

 private:
  pid_t start(const std::string& program, const std::vector<std::string>& arguments,
              const std::filesystem::path& output) const;

  std::filesystem::path folder_;
};

std::string content_of(const std::filesystem::path& file);

/// Splits a line such as "--digit 0 --raw map.npy" into arguments.
std::vector<std::string> words(const std::string& line);

/// The name of a browser on the PATH, chromium or chromium-browser; empty if there is none.
std::string installed_browser();

/// The names of all demos, such as "grad-cam".
extern const std::vector<std::string> demos;
