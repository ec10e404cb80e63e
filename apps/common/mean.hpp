// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

namespace apps {

/// The mean of the values added so far, and their number.
class mean {
 public:
  void add(std::optional<double> value) {
    if (value) sum_ += *value, ++count_;
  }
  long count() const { return count_; }
  double value() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : 0; }

 private:
  double sum_ = 0;
  long count_ = 0;
};

}  // namespace apps
