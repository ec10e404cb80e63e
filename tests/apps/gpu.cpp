// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "program.hpp"
#include "salient/io/npy.hpp"

namespace {

using namespace salient;

class demo_without_a_gpu : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(demos, demo_without_a_gpu, ::testing::ValuesIn(demos), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST_P(demo_without_a_gpu, says_in_one_line_why_there_is_none) {
  const laws::gpu_test probe;
  if (laws::tested_gpu()) GTEST_SKIP() << "there is one";
  const workshop here;
  for (const char* how : {"", " --kernels eigen", " --precision tf32"}) {
    const ending e = here.run(GetParam(), words("--device gpu --raw map.npy" + std::string(how)));
    EXPECT_EQ(e.code, 1) << e.err;
    EXPECT_EQ(e.out, "");
    EXPECT_EQ(std::ranges::count(e.err, '\n'), 1) << e.err;
    EXPECT_NE(e.err.find(probe.reason_for_none()), std::string::npos) << e.err;
  }
  EXPECT_TRUE(here.files().empty());
}

#ifdef SALIENT_WITH_CUDA
/// What a demo says of the GPU, and how far its map is off the CPU's: the largest difference over the map's
/// largest value, and the norm of the difference over the map's norm.
struct comparison {
  std::string said;
  double by_value = 0, by_norm = 0;
};

void compare(const std::string& demo, const std::string& options, comparison& c) {
  const workshop here;
  ASSERT_EQ(here.run(demo, words("--raw cpu.npy")).code, 0);
  const ending e = here.run(demo, words("--device gpu --raw gpu.npy " + options));
  ASSERT_EQ(e.code, 0) << e.err;
  c.said = e.out;
  const std::vector<float> one = read_npy(here / "cpu.npy").values, other = read_npy(here / "gpu.npy").values;
  ASSERT_EQ(one.size(), other.size());
  double largest = 0, norm = 0, off = 0, off_norm = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const double v = one[i], d = static_cast<double>(other[i]) - v;
    ASSERT_TRUE(std::isfinite(other[i]));
    largest = std::max(largest, std::abs(v));
    off = std::max(off, std::abs(d));
    norm += v * v;
    off_norm += d * d;
  }
  ASSERT_GT(largest, 0);
  c.by_value = off / largest;
  c.by_norm = std::sqrt(off_norm / norm);
}

TEST_ON_GPU(demos, make_the_maps_of_the_cpu) {
  for (const std::string& demo : demos)
    for (const char* options : {"", "--kernels eigen"}) {
      SCOPED_TRACE(demo + " " + options);
      comparison c;
      ASSERT_NO_FATAL_FAILURE(compare(demo, options, c));
      EXPECT_NE(c.said.find("on gpu 0, "), std::string::npos) << c.said;
      EXPECT_EQ(c.said.find(", Eigen's kernels") != std::string::npos, *options != '\0') << c.said;
      EXPECT_EQ(c.said.find(", TF32"), std::string::npos) << c.said;
      EXPECT_LT(c.by_value, 1e-4);
    }
}

TEST_ON_GPU(demos, compute_in_tf32_when_asked) {
  for (const std::string& demo : demos) {
    SCOPED_TRACE(demo);
    comparison c;
    ASSERT_NO_FATAL_FAILURE(compare(demo, "--precision tf32", c));
    EXPECT_NE(c.said.find(", TF32"), std::string::npos) << c.said;
    EXPECT_LT(c.by_norm, 2e-2);  // PyTorch's and JAX's maps in TF32 are 1e-4 to 6e-3 off
  }
}
#endif

}  // namespace
