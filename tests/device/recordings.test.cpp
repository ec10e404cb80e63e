// SPDX-License-Identifier: MIT
#include "device/recordings.hpp"

#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

namespace salient {
namespace {

constexpr pass_key first{pass_key::kind::forward, 0, 7, 0, 3, nullptr, nullptr};

pass_key of_batch(long batch) {
  pass_key key = first;
  key.batch = batch;
  return key;
}

struct counted {
  recordings_by_key<int> all;
  int made = 0;

  int* of(const pass_key& key) {
    return all.of(key, [&] { return ++made; });
  }
};

TEST(recordings, are_made_when_a_pass_runs_for_the_third_time) {
  counted r;
  EXPECT_EQ(r.of(first), nullptr);
  EXPECT_EQ(r.of(first), nullptr);
  EXPECT_EQ(r.made, 0);
  ASSERT_NE(r.of(first), nullptr);
  EXPECT_EQ(*r.of(first), 1);
  EXPECT_EQ(r.made, 1);
  EXPECT_EQ(r.all.recorded(), 1u);
}

TEST(recordings, are_of_one_pass_each) {
  const int place = 0;
  pass_key others[7];
  for (pass_key& k : others) k = first;
  others[0].of = pass_key::kind::backward;
  others[1].from = 1;
  others[2].to = 6;
  others[3].rule = 1;
  others[4].batch = 2;
  others[5].parameters = &place;
  others[6].result = &place;
  counted r;
  for (int turn = 0; turn < 3; ++turn) r.of(first);
  for (int turn = 0; turn < 2; ++turn)
    for (const pass_key& k : others) EXPECT_EQ(r.of(k), nullptr);
  for (const pass_key& k : others) EXPECT_NE(r.of(k), nullptr);
  EXPECT_EQ(r.made, 8);
}

TEST(recordings, that_fail_are_made_the_next_time) {
  recordings_by_key<int> all;
  const auto fail = []() -> int { throw std::runtime_error("no"); };
  EXPECT_EQ(all.of(first, fail), nullptr);
  EXPECT_EQ(all.of(first, fail), nullptr);
  EXPECT_THROW(all.of(first, fail), std::runtime_error);
  EXPECT_EQ(all.recorded(), 0u);
  EXPECT_EQ(*all.of(first, [] { return 5; }), 5);
}

TEST(recordings, that_are_refused_are_not_asked_for_again) {
  recordings_by_key<int> all;
  int asked = 0;
  const auto refuse = [&]() -> std::optional<int> { return ++asked, std::nullopt; };
  for (int turn = 0; turn < 5; ++turn) EXPECT_EQ(all.of(first, refuse), nullptr);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(all.recorded(), 0u);
}

TEST(recordings, give_way_when_there_are_too_many) {
  counted r;
  constexpr auto most = static_cast<long>(recordings_by_key<int>::most);
  for (const int turn : {0, 1, 2})
    for (long n = 0; n < most; ++n) EXPECT_EQ(r.of(of_batch(n)) != nullptr, turn == 2);
  EXPECT_EQ(r.of(of_batch(most)), nullptr) << "new: in the place of the oldest";
  EXPECT_EQ(r.of(of_batch(most)), nullptr);
  EXPECT_NE(r.of(of_batch(most)), nullptr);
  EXPECT_NE(r.of(of_batch(1)), nullptr);
  EXPECT_EQ(r.made, most + 1);
  EXPECT_EQ(r.of(of_batch(0)), nullptr) << "the oldest is forgotten";
  EXPECT_EQ(r.all.recorded(), recordings_by_key<int>::most - 1);
}

}  // namespace
}  // namespace salient
