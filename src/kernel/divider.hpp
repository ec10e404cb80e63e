// SPDX-License-Identifier: MIT
#pragma once

// Division of an index by a number that a whole kernel shares. A part of portable.hpp, which includes this.

namespace salient::kernel {

/// Divides by multiplying with the rounded up reciprocal: GPUs have no instruction that divides integers.
/// Exact below 2^31 (Granlund and Montgomery 1994, "Division by invariant integers using multiplication").
class divider {
 public:
  divider() = default;
  explicit divider(int by) : by_(static_cast<unsigned>(by)) {
    while (1ULL << (shift_ - 31) < by_) ++shift_;
    factor_ = static_cast<unsigned>(((1ULL << shift_) + by_ - 1) / by_);
  }

  SALIENT_HD int by() const { return static_cast<int>(by_); }
  SALIENT_HD unsigned operator()(unsigned n) const {
    return static_cast<unsigned>(static_cast<unsigned long long>(n) * factor_ >> shift_);
  }
  SALIENT_HD long operator()(long n) const {
    return n <= 0x7FFF'FFFF ? static_cast<long>((*this)(static_cast<unsigned>(n))) : n / by();
  }

 private:
  unsigned by_ = 1, factor_ = 1U << 31;
  int shift_ = 31;  ///< 31 + log2 of the divisor, rounded up: the factor has 32 bits at most
};

}  // namespace salient::kernel
