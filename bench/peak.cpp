// SPDX-License-Identifier: MIT
#include "peak.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "peak.cpp"
#include <hwy/foreach_target.h>  // compiles the rest of this file once per instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bench::HWY_NAMESPACE {

/// Floating-point operations per round.
double operations() {
  return 2.0 * 12 * static_cast<double>(hwy::HWY_NAMESPACE::Lanes(hwy::HWY_NAMESPACE::ScalableTag<float>()));
}

/// Twelve independent chains of multiply-adds: enough to hide a latency of 4 or 5 cycles on two units, few
/// enough for sixteen registers. Their initial values differ, or the compiler would merge them.
float burn(long rounds) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<float> d;
  const auto x = hn::Set(d, 0.999f), y = hn::Set(d, 0.001f);  // every chain converges to 1
  auto a = hn::Set(d, 0.01f), b = hn::Set(d, 0.02f), c = hn::Set(d, 0.03f), e = hn::Set(d, 0.04f);
  auto f = hn::Set(d, 0.05f), g = hn::Set(d, 0.06f), h = hn::Set(d, 0.07f), i = hn::Set(d, 0.08f);
  auto j = hn::Set(d, 0.09f), k = hn::Set(d, 0.10f), l = hn::Set(d, 0.11f), m = hn::Set(d, 0.12f);
  for (; rounds > 0; --rounds) {
    a = hn::MulAdd(a, x, y);
    b = hn::MulAdd(b, x, y);
    c = hn::MulAdd(c, x, y);
    e = hn::MulAdd(e, x, y);
    f = hn::MulAdd(f, x, y);
    g = hn::MulAdd(g, x, y);
    h = hn::MulAdd(h, x, y);
    i = hn::MulAdd(i, x, y);
    j = hn::MulAdd(j, x, y);
    k = hn::MulAdd(k, x, y);
    l = hn::MulAdd(l, x, y);
    m = hn::MulAdd(m, x, y);
  }
  const auto sum =
      hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)),
              hn::Add(hn::Add(hn::Add(f, g), hn::Add(h, i)), hn::Add(hn::Add(j, k), hn::Add(l, m))));
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

long long target() { return HWY_TARGET; }

}  // namespace bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace bench {

HWY_EXPORT(operations);
HWY_EXPORT(burn);
HWY_EXPORT(target);

double measured_peak(int threads) {
  constexpr long rounds =
      200'000;  // about a millisecond, short enough that some runs are undisturbed even on a busy machine
  constexpr int runs = 200;
  double best = 0;
  for (int run = 0; run < runs; ++run) {
    std::atomic<int> ready = 0;
    std::atomic<float> sink = 0;
    const auto work = [&] {
      ++ready;
      while (ready < threads) {
      }
      sink = HWY_DYNAMIC_DISPATCH(burn)(rounds);
    };
    std::vector<std::thread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back(work);
    while (ready < threads - 1) {
    }
    const auto start = std::chrono::steady_clock::now();
    work();
    for (std::thread& t : others) t.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::max(best, threads * rounds * HWY_DYNAMIC_DISPATCH(operations)() / took.count());
  }
  return best * 1e-9;
}

std::string peak_instruction_set() { return hwy::TargetName(HWY_DYNAMIC_DISPATCH(target)()); }

}  // namespace bench
#endif
