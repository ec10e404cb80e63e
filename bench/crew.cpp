// SPDX-License-Identifier: MIT

// What sharing a run among processes costs.
//
//   bench.crew                  how many units the coordinator hands out a second, to so many ranks, in
//   memory mpirun -n N bench.crew      the same with messages: N processes share units that take no time

#include "salient/explainer/crew.hpp"

#include <chrono>
#include <cstdio>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include "explainer/launch.hpp"
#include "explainer/sharing.hpp"

namespace {

using salient::explainer::sharing;

/// Ranks ask, finish and ask again in turn until all units are done, as if all took the same time.
void hand_out(benchmark::State& state) {
  const int ranks = static_cast<int>(state.range(0));
  const long units = 1000L * ranks;
  for (auto _ : state) {
    sharing s(units, ranks);
    for (int rank = 0; rank < ranks; ++rank) s.asks(rank);
    while (!s.ended())
      for (int rank = 0; rank < ranks && !s.ended(); ++rank) {
        benchmark::DoNotOptimize(s.asks(rank));
        benchmark::DoNotOptimize(s.finishes(rank));
      }
    benchmark::DoNotOptimize(s.done());
  }
  state.counters["units/s"] =
      benchmark::Counter(static_cast<double>(units * state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(hand_out)->Arg(2)->Arg(64)->Arg(1024)->Unit(benchmark::kMillisecond);

void share_nothing() {
  const auto all = salient::explainer::join();
  std::vector<long> units(200'000);
  std::iota(units.begin(), units.end(), 0L);
  long mine = 0;
  const auto start = std::chrono::steady_clock::now();
  all->share(units, [&](long) { ++mine; }, [](long) {});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (all->rank() == 0)
    std::printf("%d processes: %ld of %zu units by messages in %.2f s, %.0f a second\n", all->size(),
                static_cast<long>(units.size()) - mine, units.size(), seconds,
                static_cast<double>(static_cast<long>(units.size()) - mine) / seconds);
}

}  // namespace

int main(int count, char** arguments) {
  if (salient::explainer::launched().size != 1)
    return salient::explainer::guarded_in_crew("bench.crew", &share_nothing);
  benchmark::Initialize(&count, arguments);
  benchmark::RunSpecifiedBenchmarks();
}
