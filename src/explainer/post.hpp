// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace salient::explainer {

/// Waits for messages in naps, because MPI's own waiting keeps a core busy.
class patience {
 public:
  static constexpr std::chrono::microseconds least{50}, most{2000};

  void wait() {
    std::this_thread::sleep_for(nap_);
    nap_ = std::min(2 * nap_, most);
  }
  /// Something came: more may follow soon.
  void end() { nap_ = least; }

 private:
  std::chrono::microseconds nap_ = least;
};

/// The letters between rank 0 and the others, by MPI, which the constructor initialises and the destructor
/// finalises. For one thread.
class post {
 public:
  enum class subject : int {
    asks,    ///< to rank 0: for a unit
    done,    ///< to rank 0: the unit that came first
    failed,  ///< to rank 0: why
    leaves,  ///< to rank 0: no more will be said
    work,    ///< from rank 0: a unit
    stop,    ///< from rank 0: 1 after a failure, else 0
    end,     ///< from rank 0: all have left
  };
  struct letter {
    int from;
    subject about;
    long number;
    std::string text;
  };

  /// Throws salient::error for an MPI that does not allow for threads.
  post();
  post(const post&) = delete;
  post& operator=(const post&) = delete;
  ~post();

  int rank() const { return rank_; }
  int size() const { return size_; }
  /// This process's share of the processors that it may use, with all processes of this machine that are
  /// bound to the same ones.
  int threads() const { return threads_; }
  /// What MPI calls itself: "Open MPI v4.1.4".
  static std::string library();

  void send(int to, subject about, long number = 0, const std::string& text = {});
  /// The next letter, if there is one.
  std::optional<letter> look();
  letter wait();

 private:
  int rank_ = 0, size_ = 1, threads_ = 1;
};

}  // namespace salient::explainer
