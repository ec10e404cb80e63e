// SPDX-License-Identifier: MIT
// label: threads
// label: optimised

// The code that starts a backward pass on a GPU, by threads of the host. It includes the kernels'
// definitions. A test that also ran the library's would then have two of each, of which the linker keeps one:
// on a GPU, the one that was compiled for the host.
#include <cmath>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/host_threads.hpp"

#undef SALIENT_INSTANTIATE
#define SALIENT_INSTANTIATE(KERNELS)
#include "kernel/score_gradient.cpp"
#undef KERNELS

#include "kernel/scores.hpp"
#include "salient/method/target.hpp"

namespace salient::kernel {
namespace {

/// What teams of a GPU's threads do, by threads of the host.
template <class Target>
void is_shared_by_a_team(const Target& target) {
  const host_threads device;
  for (const int classes : sizes) {
    SCOPED_TRACE(classes);
    const auto z = scores_of<float>(classes);
    const view<const float> all(z.data(), batch, {1, 1, classes});
    std::vector<int> found(batch, -1), predicted_there;
    for (long n = 0; n < batch; ++n)
      predicted_there.push_back(
          predicted_class(std::span<const float>(all.at(n), static_cast<std::size_t>(classes))));
    predict(device, all, found.data());
    EXPECT_EQ(found, predicted_there);
    for (const int c : {-1, 0, classes - 1}) {
      std::vector<float> dz(z.size(), NAN);
      int not_finite = 0;
      score_gradient(device, {.f = salient::detail::kernel_of<Target>::of(target), .all = c}, all, dz.data(),
                     &not_finite);
      EXPECT_EQ(not_finite, 0);
      const auto wanted = expected(target, z, c < 0 ? predicted_there : std::vector<int>(batch, c));
      for (std::size_t i = 0; i < z.size(); ++i)
        ASSERT_NEAR(dz[i], wanted[i], 1e-5 * std::abs(wanted[i]) + 1e-30) << i;
    }
  }
}

TEST(score_gradient_team, is_shared_by_a_team) {
  is_shared_by_a_team(logit());
  is_shared_by_a_team(probability());
  is_shared_by_a_team(cross_entropy());
}

TEST(score_gradient_team, of_no_number_stays_within_the_scores) {
  const host_threads device;
  for (const int first_bad : {0, 3}) {
    std::vector<float> z(40, 1), dz(40);
    z[static_cast<std::size_t>(first_bad)] = NAN;
    const view<const float> all(z.data(), 1, {1, 1, 40});
    int found = -1, not_finite = 0;
    predict(device, all, &found);
    EXPECT_EQ(found, predicted_class(std::span<const float>(z)));
    score_gradient(device, {.f = score_function::probability}, all, dz.data(), &not_finite);
    EXPECT_EQ(not_finite, 1);
  }
}

}  // namespace
}  // namespace salient::kernel
