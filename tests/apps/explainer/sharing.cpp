// SPDX-License-Identifier: MIT
#include "explainer/sharing.hpp"

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "explainer/launch.hpp"

namespace {

using salient::explainer::launch, salient::explainer::launched, salient::explainer::sharing;
using order = sharing::order;
using kind = order::kind;

const order wait{}, stop{kind::stop};
order work(long unit) { return {kind::work, unit}; }

TEST(sharing, gives_a_second_unit_while_there_are_enough) {
  sharing s(4, 2);
  EXPECT_EQ(s.asks(0), work(0));
  EXPECT_EQ(s.asks(1), work(1));
  EXPECT_EQ(s.asks(1), work(2));  // to be done after 1
  EXPECT_EQ(s.asks(0), wait);     // one is left for two
  EXPECT_EQ(s.finishes(0), work(3));
  EXPECT_EQ(s.finishes(1), wait);
  EXPECT_EQ(s.asks(1), wait);  // it has one still
  EXPECT_FALSE(s.ended());
  EXPECT_EQ(s.finishes(1), wait);  // not before 3 is done
  EXPECT_EQ(s.asks(0), wait);
  EXPECT_EQ(s.finishes(0), stop);
  EXPECT_TRUE(s.ended());
  EXPECT_EQ(s.done(), 4);
  EXPECT_FALSE(s.dismissed());
  EXPECT_EQ(s.dismiss(), std::vector<int>{1});
  EXPECT_TRUE(s.dismissed());
  EXPECT_TRUE(s.dismiss().empty());
}

TEST(sharing, stops_who_asks_late) {
  sharing s(0, 2);
  EXPECT_TRUE(s.ended());
  EXPECT_EQ(s.asks(1), stop);
  EXPECT_FALSE(s.dismissed());
  EXPECT_EQ(s.asks(0), stop);
  EXPECT_EQ(s.asks(0), stop);
  EXPECT_TRUE(s.dismissed());
}

TEST(sharing, ends_after_a_failure_when_the_others_have_done_theirs) {
  sharing s(10, 3);
  s.asks(0), s.asks(1), s.asks(2), s.asks(2);
  s.fails(2, "disk full");  // with a second unit, which is lost with it
  EXPECT_FALSE(s.ended());
  s.fails(1, "disk full too");
  EXPECT_EQ(s.finishes(0), wait);
  EXPECT_TRUE(s.ended());
  EXPECT_EQ(s.asks(0), stop);
  EXPECT_TRUE(s.dismissed());
  EXPECT_EQ(s.failed_by(), 2);
  EXPECT_EQ(s.why(), "disk full");
  EXPECT_EQ(s.done(), 1);
}

TEST(sharing, ends_when_a_rank_fails_before_it_asks) {
  sharing s(10, 2);
  s.fails(1, "no memory");
  EXPECT_EQ(s.asks(0), stop);
  EXPECT_TRUE(s.dismissed());
  EXPECT_EQ(s.done(), 0);
}

/// Ranks that take random times. Returns how late the last unit was done, in the mean time of a unit, after
/// the time that all would need if they shared it evenly.
double simulated_delay(int ranks, long units, int fails = -1) {
  std::mt19937 random(7);
  std::exponential_distribution<double> time(1);
  sharing s(units, ranks);
  struct rank_state {
    std::vector<long> held;
    bool waits = false, stopped = false;
  };
  std::vector<rank_state> all(static_cast<std::size_t>(ranks));
  std::multimap<double, int> events;  // a rank ends its unit
  std::set<long> given;
  double now = 0, sum = 0;
  const auto hear = [&](int rank, order o) {
    rank_state& r = all[static_cast<std::size_t>(rank)];
    r.waits = o.what == kind::wait;
    r.stopped |= o.what == kind::stop;
    if (o.what != kind::work) return;
    EXPECT_TRUE(given.insert(o.unit).second) << o.unit;
    r.held.push_back(o.unit);
    EXPECT_LE(r.held.size(), 2U);
    if (r.held.size() > 1) return;
    const double t = time(random);
    sum += t;
    events.emplace(now + t, rank);
  };
  const auto begins = [&](int rank) {
    rank_state& r = all[static_cast<std::size_t>(rank)];
    if (!r.waits && !r.stopped) hear(rank, s.asks(rank));
  };
  for (int rank = 0; rank < ranks; ++rank) begins(rank), begins(rank);
  while (!events.empty()) {
    const int rank = events.begin()->second;
    now = events.begin()->first;
    events.erase(events.begin());
    rank_state& r = all[static_cast<std::size_t>(rank)];
    r.held.erase(r.held.begin());
    if (rank == fails) {
      s.fails(rank, "asked to");
      r = {{}, false, true};
      continue;
    }
    if (!r.held.empty()) {  // the second one begins
      const double t = time(random);
      sum += t;
      events.emplace(now + t, rank);
    }
    const bool had = r.held.empty();
    const order o = s.finishes(rank);
    if (o.what != kind::wait || r.waits) hear(rank, o);
    if (had && r.held.empty() && !r.waits) begins(rank);
    begins(rank);
  }
  for (const int rank : s.dismiss()) all[static_cast<std::size_t>(rank)].stopped = true;
  EXPECT_TRUE(s.dismissed());
  for (const rank_state& r : all) EXPECT_TRUE(r.stopped);
  EXPECT_EQ(s.done() == units, fails < 0);
  EXPECT_EQ(s.failed(), fails >= 0);
  return now - sum / ranks;
}

TEST(sharing, keeps_1024_ranks_busy) {
  // The last unit of each rank alone is waited for: the longest of 1,024 times, some ln 1024 = 7 of the mean.
  EXPECT_LT(simulated_delay(1024, 100'000), 10);
  EXPECT_LT(simulated_delay(1024, 1500), 10);
  EXPECT_LT(simulated_delay(1024, 7), 10);
  EXPECT_LT(simulated_delay(1, 100), 1e-9);
  simulated_delay(1024, 100'000, 1000);
}

TEST(launched, reads_what_launchers_say) {
  const auto said = [](const std::map<std::string, std::string>& all) {
    return launched([&](const char* name) { return all.contains(name) ? all.at(name).c_str() : nullptr; });
  };
  EXPECT_EQ(said({}), launch());
  EXPECT_EQ(said({{"OMPI_COMM_WORLD_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "4"}}), (launch{3, 4}));
  EXPECT_EQ(said({{"PMI_RANK", "0"}, {"PMI_SIZE", "2"}}), (launch{0, 2}));
  EXPECT_EQ(said({{"PMIX_RANK", "5"}, {"SLURM_STEP_NUM_TASKS", "8"}}), (launch{5, 8}));
  EXPECT_EQ(said({{"PMIX_RANK", "5"}}), (launch{5, 0}));
  EXPECT_EQ(said({{"PMI_RANK", "5"}, {"PMI_SIZE", "2"}}), (launch{5, 0}));  // not of the same
  EXPECT_EQ(said({{"PMI_RANK", "x"}, {"PMI_SIZE", "2"}}), launch());
  EXPECT_EQ(said({{"SLURM_STEP_NUM_TASKS", "8"}}), launch());  // of a batch script, whose first task it is
}

}  // namespace
