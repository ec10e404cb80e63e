// SPDX-License-Identifier: MIT

// Processes that share units, and what they say when one of them fails.

#include <fstream>

#include <gtest/gtest.h>

#include "mpi_run.hpp"
#include "salient/device/cpu.hpp"

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

TEST(crew, divides_the_processors) {
  const workshop here;
  const int each = std::max(1, salient::cpu_pool().threads() / 4);
  EXPECT_EQ(mpi_run(here, 4, "shares", "0").wait().out,
            "4 processes, " + std::to_string(each) + " threads, 0 units\n");
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
  ends_with("unit", 0, "asked to fail unit" + goes_on);
  ends_with("unit", 3, "rank 3: asked to fail unit" + goes_on);
  ends_with("before", 0, "asked to fail before");
  ends_with("joined", 3, "rank 3: asked to fail joined" + goes_on);
  ends_with("after", 3, "rank 3: asked to fail after");
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
  const ending several = mpi_run(here, 4, "explain", "0 1").wait();
  EXPECT_EQ(several.code, 1);
  EXPECT_EQ(count(several.err, "salient-explain: several processes share a run with --write maps"), 1)
      << several.err;
  const ending help = mpi_run(here, 4, "evidence", "--help").wait();
  EXPECT_EQ(help.code, 0) << help.err;
  EXPECT_EQ(count(help.out, "--images N"), 1) << help.out;
}

TEST(usage, needs_a_build_with_mpi_for_several_processes) {
  const workshop here;
  const ending e = mpi_run(here, 3, "shares-nothing", "5").wait();
  EXPECT_EQ(e.code, 2);
  EXPECT_EQ(
      count(e.err,
            "salient-shares: 3 processes were started, but this program was built without MPI and cannot "
            "share the work; configure salient with -DSALIENT_WITH_MPI=ON and build it again\n"),
      1)
      << e.err;
  EXPECT_EQ(count(e.err, "salient-shares: "), 1) << e.err;
  EXPECT_FALSE(std::filesystem::exists(here / "units"));
  EXPECT_EQ(here.run("shares-nothing", {"5"}).code, 0);
}

TEST(explain, records_a_bad_picture) {
  const workshop here;
  std::ofstream(here / "bad.png") << "no picture";
  const ending e =
      mpi_run(here, 4, "explain", "cnn 0:9 bad.png --write maps --method gradients --shard-size 2 --out out")
          .wait();
  EXPECT_EQ(e.code, 1);
  EXPECT_EQ(count(e.out, "explained   9 of 10\n"), 1) << e.out;
  EXPECT_EQ(count(e.err, "bad.png"), 1) << e.err;
  EXPECT_EQ(count(e.err, "1 of 10 pictures could not be explained"), 1) << e.err;
}

}  // namespace
