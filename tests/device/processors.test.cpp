// SPDX-License-Identifier: MIT
#include "salient/device/processors.hpp"

#include <filesystem>
#include <fstream>
#include <sched.h>
#include <string>

#include <gtest/gtest.h>

#include "salient/device/cpu.hpp"

namespace salient {
namespace {

/// A temporary folder with these files that stands for /; removed by the destructor.
class root {
 public:
  root() {
    std::string name = testing::TempDir() + "processors.XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~root() { std::filesystem::remove_all(path_); }
  root(const root&) = delete;
  root& operator=(const root&) = delete;

  root& file(const std::string& name, const std::string& content) {
    const std::filesystem::path full = path_ / name;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << content;
    return *this;
  }
  int processors() const { return available_processors(path_); }

 private:
  std::filesystem::path path_;
};

/// Restricts the calling thread to some of its processors; the destructor lifts the restriction.
class affinity {
 public:
  explicit affinity(int processors) {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t some;
    CPU_ZERO(&some);
    for (int i = 0; CPU_COUNT(&some) < processors && i < CPU_SETSIZE; ++i)
      if (CPU_ISSET(i, &before_)) CPU_SET(i, &some);
    sched_setaffinity(0, sizeof some, &some);
  }
  ~affinity() { sched_setaffinity(0, sizeof before_, &before_); }
  affinity(const affinity&) = delete;
  affinity& operator=(const affinity&) = delete;

  int before() const { return CPU_COUNT(&before_); }

 private:
  cpu_set_t before_;
};

constexpr const char* second_version =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";

TEST(available_processors, are_those_of_the_affinity_mask) {
  const root nothing;
  const affinity one(1);
  EXPECT_EQ(nothing.processors(), 1);
  EXPECT_EQ(cpu_pool().threads(), 1);
  if (one.before() < 2) GTEST_SKIP() << "this machine has one processor, with a mask or without";
}

TEST(available_processors, are_all_where_nothing_limits_them) {
  const affinity unchanged(CPU_SETSIZE);
  EXPECT_EQ(root().processors(), unchanged.before());
  EXPECT_EQ(root()
                .file("proc/self/mountinfo", second_version)
                .file("proc/self/cgroup", "0::/group\n")
                .file("sys/fs/cgroup/group/cpu.max", "max 100000\n")
                .processors(),
            unchanged.before());
  EXPECT_EQ(root()
                .file("proc/self/mountinfo", "not - \n- - -\n\n30 23\n")
                .file("proc/self/cgroup", "::\n0\n0:\n\n")
                .file("sys/fs/cgroup/cpu.max", "none\n")
                .processors(),
            unchanged.before());
  EXPECT_LE(cpu_pool().threads(), unchanged.before());
}

/// Expected number of processors under a quota on this machine.
int at_most(int quota) {
  const affinity unchanged(CPU_SETSIZE);
  return std::min(quota, unchanged.before());
}

TEST(available_processors, are_no_more_than_a_quota_of_version_2_grants) {
  const auto with = [](const std::string& quota) {
    return root()
        .file("proc/self/mountinfo", second_version)
        .file("proc/self/cgroup", "0::/system.slice/service\n")
        .file("sys/fs/cgroup/system.slice/service/cpu.max", quota)
        .processors();
  };
  EXPECT_EQ(with("100000 100000\n"), 1);
  EXPECT_EQ(with("10000 100000\n"), 1) << "never none";
  EXPECT_EQ(with("100001 100000\n"), at_most(2)) << "rounded up";
  EXPECT_EQ(with("150000 50000\n"), at_most(3));
  EXPECT_EQ(with("9000000000000000 1\n"), at_most(CPU_SETSIZE));
  EXPECT_EQ(with("100000 0\n"), at_most(CPU_SETSIZE)) << "that is no quota";
}

TEST(available_processors, are_limited_by_the_groups_above_too) {
  EXPECT_EQ(root()
                .file("proc/self/mountinfo", second_version)
                .file("proc/self/cgroup", "0::/outer/inner\n")
                .file("sys/fs/cgroup/outer/cpu.max", "100000 100000\n")
                .file("sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n")
                .processors(),
            1);
}

TEST(available_processors, are_limited_in_a_container_that_sees_its_own_group_alone) {
  // With a cgroup namespace: paths relative to the group.
  EXPECT_EQ(root()
                .file("proc/self/mountinfo", second_version)
                .file("proc/self/cgroup", "0::/\n")
                .file("sys/fs/cgroup/cpu.max", "50000 100000\n")
                .processors(),
            1);
  // Without a namespace: the host's paths, and the group itself mounted.
  EXPECT_EQ(root()
                .file("proc/self/mountinfo", "30 23 0:26 /docker/1f /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n")
                .file("proc/self/cgroup", "0::/docker/1f\n")
                .file("sys/fs/cgroup/cpu.max", "50000 100000\n")
                .processors(),
            1);
  // A group below the mounted one, and one outside it.
  EXPECT_EQ(root()
                .file("proc/self/mountinfo", "30 23 0:26 /docker/1f /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n")
                .file("proc/self/cgroup", "0::/docker/1f/inner\n")
                .file("sys/fs/cgroup/inner/cpu.max", "50000 100000\n")
                .processors(),
            1);
  EXPECT_EQ(root()
                .file("proc/self/mountinfo", "30 23 0:26 /docker/1f /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n")
                .file("proc/self/cgroup", "0::/../2a\n")
                .file("sys/fs/cgroup/cpu.max", "50000 100000\n")
                .processors(),
            1);
}

TEST(available_processors, are_no_more_than_a_quota_of_version_1_grants) {
  const auto with = [](const std::string& controllers, const std::string& quota) {
    return root()
        .file("proc/self/mountinfo",
              "32 31 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
              "33 31 0:30 / /sys/fs/cgroup/" +
                  controllers + " rw,relatime - cgroup cgroup rw," + controllers + "\n")
        .file("proc/self/cgroup", "5:cpuset:/elsewhere\n4:" + controllers + ":/group\n")
        .file("sys/fs/cgroup/" + controllers + "/group/cpu.cfs_quota_us", quota)
        .file("sys/fs/cgroup/" + controllers + "/group/cpu.cfs_period_us", "100000\n")
        .processors();
  };
  for (const std::string controllers : {"cpu", "cpu,cpuacct", "cpuacct,cpu"}) {
    EXPECT_EQ(with(controllers, "100000\n"), 1) << controllers;
    EXPECT_EQ(with(controllers, "-1\n"), at_most(CPU_SETSIZE)) << controllers;
  }
  EXPECT_EQ(with("cpuset", "100000\n"), at_most(CPU_SETSIZE)) << "another controller's";
}

}  // namespace
}  // namespace salient
