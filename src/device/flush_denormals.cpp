// SPDX-License-Identifier: MIT
#include "device/flush_denormals.hpp"

namespace salient {
namespace {

#if defined(__SSE__)
// MXCSR: FTZ (flush subnormal results to zero) and DAZ (treat subnormal operands as zero).
constexpr unsigned long flush = 0x8000 | 0x0040;
unsigned long control() noexcept { return __builtin_ia32_stmxcsr(); }
void set_control(unsigned long value) noexcept { __builtin_ia32_ldmxcsr(static_cast<unsigned>(value)); }
#elif defined(__aarch64__)
// FPCR.FZ flushes both operands and results.
constexpr unsigned long flush = 1UL << 24;
unsigned long control() noexcept {
  unsigned long value;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
void set_control(unsigned long value) noexcept { asm volatile("msr fpcr, %0" : : "r"(value)); }
#elif defined(__arm__) && defined(__ARM_FP)
// FPSCR.FZ, for scalars; vectors always flush.
constexpr unsigned long flush = 1UL << 24;
unsigned long control() noexcept {
  unsigned long value;
  asm volatile("vmrs %0, fpscr" : "=r"(value));
  return value;
}
void set_control(unsigned long value) noexcept { asm volatile("vmsr fpscr, %0" : : "r"(value)); }
#else
constexpr unsigned long flush = 0;
unsigned long control() noexcept { return 0; }
void set_control(unsigned long) noexcept {}
#endif

}  // namespace

// Writing the register stalls the pipeline, and kernels are short, so write only if the mode changes.
flush_denormals::flush_denormals() noexcept : before_(control()) {
  if ((before_ & flush) != flush) set_control(before_ | flush);
}

// Keeps what else has changed meanwhile, such as exception flags.
flush_denormals::~flush_denormals() {
  if ((before_ & flush) != flush) set_control((control() & ~flush) | (before_ & flush));
}

}  // namespace salient
