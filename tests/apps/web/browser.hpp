// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

/// A browser without a window that shows a page; ended by the destructor.
class browser {
 public:
  /// `folder` must exist. Hosts other than 127.0.0.1 cannot be reached.
  browser(const std::string& address, const std::filesystem::path& folder, bool dark = false);
  ~browser();
  browser(const browser&) = delete;
  browser& operator=(const browser&) = delete;

  /// What pages have written to the console, such as errors.
  std::string console() const;

 private:
  std::filesystem::path said_;
  pid_t process_;
};
