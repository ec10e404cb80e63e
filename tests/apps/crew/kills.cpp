// SPDX-License-Identifier: MIT

// Runs of four processes that are killed at random times and started again.

#include <chrono>
#include <random>
#include <thread>

#include "../evidence/made.hpp"
#include "mpi_run.hpp"

namespace {

TEST(kills, leave_the_evidence_of_one_process) {
  const std::string arguments =
      "--networks perceptron,cnn --images 6 --methods gradients,grad_cam,integrated_gradients --threads 1";
  const workshop whole;
  const std::string expected = made(whole, arguments).lasting();
  std::mt19937 random(16);
  const workshop here;
  int went_on = 0, ended = 0;
  for (int kill = 0; kill < 8; ++kill) {
    mpi_run run(here, 4, "evidence", arguments);
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 2000));
    if (kill % 2 == 0)
      run.kill_rank(static_cast<int>(random() % 4));
    else
      run.kill_all();
    const ending e = run.wait();
    ASSERT_NE(e.code, -2) << "mpirun did not end";
    went_on += e.out.starts_with("goes on");
    if (e.code != 0) continue;
    ++ended;
    EXPECT_EQ(
        written({read(here / "evidence.html"), read(here / "evidence.json"), "", ""}).lasting() == expected,
        true);
  }
  const ending e = mpi_run(here, 4, "evidence", arguments).wait();
  ASSERT_EQ(e.code, 0) << e.err;
  EXPECT_EQ(
      written({read(here / "evidence.html"), read(here / "evidence.json"), "", ""}).lasting() == expected,
      true);
  EXPECT_EQ(here.files(), (std::vector<std::string>{"evidence.html", "evidence.json"}));
  std::cout << went_on << " went on, " << ended << " ended before they were killed\n";
}

}  // namespace
