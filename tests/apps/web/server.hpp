// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

/// A web server on this machine that knows nothing but files. What is posted to /report is kept for the test;
/// after a post to /vanish it answers reports alone.
class server {
 public:
  /// Files of `site` lie at /, those of `pages` at /test/.
  server(std::filesystem::path site, std::filesystem::path pages);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  int port() const { return port_; }
  /// Waits for a report, two minutes at most.
  std::optional<std::string> report();

 private:
  void accept_all();
  void answer(int connection);

  std::filesystem::path site_, pages_;
  int listening_, port_ = 0;
  std::atomic<bool> vanished_ = false;
  std::mutex mutex_;
  std::condition_variable reported_;
  std::optional<std::string> report_;
  std::list<std::thread> answering_;
  std::thread accepting_;
};
