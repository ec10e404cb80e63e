// SPDX-License-Identifier: MIT
#pragma once

namespace salient::kernel {

/// One thread's part of the work: part `part` of `parts`.
struct share {
  int part = 0, parts = 1;

  long first(long count) const { return count * part / parts; }
  long last(long count) const { return count * (part + 1) / parts; }
};

}  // namespace salient::kernel
