// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <unistd.h>

#include "salient/train/fit.hpp"

namespace apps {

/// Loss, accuracy and time left: one line, overwritten, on a terminal; one line per epoch elsewhere.
class training_progress {
 public:
  void show(const salient::fit_progress& p) {
    const bool epoch_done = p.seen == p.images;
    const auto now = clock::now();
    if (!epoch_done && (!terminal_ || now - shown_ < std::chrono::milliseconds(200))) return;
    shown_ = now;
    const double done = p.epoch + static_cast<double>(p.seen) / static_cast<double>(p.images);
    const double spent = std::chrono::duration<double>(now - start_).count();
    const int left = static_cast<int>(spent / done * std::max(p.epochs - done, 0.0) + 0.5);
    std::fprintf(stderr, "%sepoch %2d/%d %3.0f %%   loss %.4f   accuracy %6.2f %%   %d:%02d left%s",
                 terminal_ ? "\r" : "", p.epoch + 1, p.epochs,
                 100.0 * static_cast<double>(p.seen) / static_cast<double>(p.images), p.loss,
                 100 * p.accuracy, left / 60, left % 60, epoch_done || !terminal_ ? "   \n" : "   ");
    std::fflush(stderr);
  }

 private:
  using clock = std::chrono::steady_clock;
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  const clock::time_point start_ = clock::now();
  clock::time_point shown_{};
};

}  // namespace apps
