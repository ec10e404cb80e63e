// SPDX-License-Identifier: MIT

// Processes that share units, and what they say when one of them fails.

#include <gtest/gtest.h>

#include "mpi_run.hpp"

namespace {

/// How often a text is in another.
int count(const std::string& all, const std::string& text) {
  int n = 0;
  for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++n;
  return n;
}

TEST(crew, does_each_unit_once) {
  for (const int units : {0, 1, 3, 200}) {
    const workshop here;
    const ending e = mpi_run(here, 4, "shares", std::to_string(units)).wait();
    EXPECT_EQ(e.code, 0) << e.err;
    EXPECT_EQ(e.out.substr(0, 13), "4 processes, ") << e.out;  // once
    EXPECT_EQ(count(e.out, ", " + std::to_string(units) + " units\n"), 1) << e.out;
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(here / "units"), {}), units);
  }
}

TEST(crew, is_one_process_without_mpirun) {
  const workshop here;
  EXPECT_EQ(here.run("shares", {"5"}).out, "1 processes, 0 threads, 5 units\n");
}

/// Unbound processes divide the processors; those with one each have a thread each.
TEST(crew, divides_the_processors) {
  const workshop here;
  const ending e = mpi_run(here, 64, "shares", "0").wait();
  EXPECT_EQ(e.out, "64 processes, 1 threads, 0 units\n") << e.err;
}

/// The one sentence of a failure, wherever it was and whoever failed, and no hang.
void ends_with(const std::string& where, int rank, const std::string& sentence) {
  const workshop here;
  const ending e = mpi_run(here, 4, "shares", "40 5 " + where + " " + std::to_string(rank)).wait();
  EXPECT_EQ(e.code, 1) << where << rank;
  EXPECT_EQ(count(e.err, "salient-shares: " + sentence + "\n"), 1) << where << rank << ": " << e.err;
  EXPECT_EQ(count(e.err, "salient-shares: "), 1) << where << rank << ": " << e.err;
  EXPECT_EQ(count(e.out, "units"), where == "after" && rank != 0 ? 1 : 0) << where << rank;
}

TEST(crew, ends_when_one_fails) {
  const std::string goes_on = "; what is finished is kept, and the same command goes on from there";
  for (const int rank : {0, 3}) {
    const std::string who = rank == 0 ? "" : "rank 3: ";
    ends_with("unit", rank, who + "asked to fail unit" + goes_on);
    ends_with("joined", rank, who + "asked to fail joined" + (rank == 0 ? "" : goes_on));
    ends_with("before", rank, who + "asked to fail before" + (rank == 0 ? "" : goes_on));
    ends_with("after", rank, who + "asked to fail after");
  }
}

TEST(crew, ends_when_a_process_dies) {
  for (const int rank : {0, 2}) {
    const workshop here;
    mpi_run run(here, 4, "shares", "1000 20");
    while (run.running() && !std::filesystem::exists(here / "units/40")) usleep(1000);
    ASSERT_TRUE(run.kill_rank(rank));
    const ending e = run.wait();
    EXPECT_NE(e.code, 0);
    EXPECT_NE(e.code, -2) << "mpirun did not end";
    EXPECT_TRUE(run.processes().empty());
    if (rank == 0 || !SALIENT_MPI_TELLS) continue;
    EXPECT_EQ(
        count(e.err,
              "salient-shares: the run was ended, as when one of its processes dies; what is finished is "
              "kept, and the same command goes on from there\n"),
        1)
        << e.err;
  }
}

TEST(usage, is_told_once) {
  const workshop here;
  const ending wrong = mpi_run(here, 4, "evidence", "--images many").wait();
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(count(wrong.err, "salient-evidence: "), 1) << wrong.err;
  const ending help = mpi_run(here, 4, "evidence", "--help").wait();
  EXPECT_EQ(help.code, 0) << help.err;
  EXPECT_EQ(count(help.out, "--images N"), 1) << help.out;
}

}  // namespace
