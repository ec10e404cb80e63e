// SPDX-License-Identifier: MIT

// Runs of four processes that are killed at random times and started again: what they leave at last is what
// one process makes, byte for byte.

#include <chrono>
#include <random>
#include <thread>

#include "../evidence/made.hpp"
#include "../explainer/shards.hpp"
#include "mpi_run.hpp"

namespace {

namespace fs = std::filesystem;

/// How many files of a folder have this in their names.
long count(const fs::path& folder, const std::string& part) {
  std::error_code none;
  long n = 0;
  for (fs::directory_iterator f(folder, none), end; !none && f != end; f.increment(none))
    n += f->path().filename().string().find(part) != std::string::npos;
  return n;
}

struct scenario {
  std::string program, arguments;
  std::string parts, part;  ///< the folder and the names of the files that say that a part is complete
  unsigned most_parts;      ///< that a run completes before it is killed
  std::string made;         ///< what a whole run leaves
};

/// Kills a run so many times, each after a random number of parts and a random time: one of its processes or
/// all with mpirun. Returns how many runs were killed before they had ended.
int kill_often(const workshop& here, const scenario& s, int times) {
  std::mt19937 random(16);
  int killed = 0;
  for (int kill = 0; kill < times; ++kill) {
    const long before = count(here / s.parts, s.part), more = random() % (s.most_parts + 1);
    const auto moment = std::chrono::microseconds(random() % 30'000);
    const int rank = static_cast<int>(random() % 8);  // 4 and more: all
    mpi_run run(here, 4, s.program, s.arguments);
    while (run.running() && (run.processes().size() < 4 || count(here / s.parts, s.part) < before + more))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(moment);
    if (rank >= 4)
      run.kill_all();
    else
      run.kill_rank(rank);
    const ending e = run.wait();
    EXPECT_NE(e.code, -2) << "mpirun did not end";
    if (e.code == 0)
      fs::remove_all(here / s.made);  // the next one begins anew
    else
      ++killed;
  }
  return killed;
}

TEST(kills, leave_the_maps_of_one_process) {
  const std::string arguments =
      "cnn 0:320 --write maps --method gradients,integrated_gradients --shard-size 2 --threads 1 --out out";
  const workshop here, whole;
  ASSERT_EQ(whole.run("explain", words(arguments)).code, 0);
  EXPECT_GE(kill_often(here, {"explain", arguments, "out/parts", "shard-", 8, "out"}, 20), 15);
  const ending e = mpi_run(here, 4, "explain", arguments).wait();
  EXPECT_EQ(e.code, 0) << e.err;
  const auto expected = all_of(whole / "out"), found = all_of(here / "out");
  EXPECT_GE(expected.size(), 163U);  // 160 shards, the table, the index, the run
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [name, content] : expected)
    EXPECT_EQ(found.contains(name) && found.at(name) == content, true) << name;
}

TEST(kills, leave_the_evidence_of_one_process) {
  const std::string arguments =
      "--networks perceptron,cnn --images 6 --methods gradients,grad_cam,integrated_gradients --threads 1";
  const workshop here, whole;
  const std::string expected = made(whole, arguments).lasting();
  EXPECT_GE(kill_often(here, {"evidence", arguments, "evidence.parts", ".json", 2, "evidence.json"}, 5), 3);
  const ending e = mpi_run(here, 4, "evidence", arguments).wait();
  ASSERT_EQ(e.code, 0) << e.err;
  const written all{read(here / "evidence.html"), read(here / "evidence.json"), e.out, e.err};
  EXPECT_EQ(all.lasting() == expected, true);
  EXPECT_EQ(here.files(), (std::vector<std::string>{"evidence.html", "evidence.json"}));
}

}  // namespace
