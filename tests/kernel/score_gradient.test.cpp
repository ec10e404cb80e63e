// SPDX-License-Identifier: MIT
// label: threads
// label: optimised
#include "salient/kernel/score_gradient.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/on_every_device.hpp"
#include "kernel/scores.hpp"
#include "laws/devices.hpp"
#include "salient/method/target.hpp"

namespace salient::kernel {
namespace {

/// On CPUs to the bit; a GPU has an exponential of its own.
template <class D, class T>
void expect_equal(const std::vector<T>& got, const std::vector<T>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  if constexpr (!runs_ahead<D>)
    EXPECT_EQ(got, wanted);
  else
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_NEAR(got[i], wanted[i], 1e-5 * std::abs(wanted[i]) + 1e-30) << i;
}

template <class D, class T, class Target>
void differentiates(const D& device, const Target& target) {
  const score_function f = salient::detail::kernel_of<Target>::of(target);
  for (const int classes : sizes) {
    SCOPED_TRACE(classes);
    const auto z = scores_of<T>(classes);
    const resident<D, T> scores(device, z);
    const view<const T> all(scores, batch, {1, 1, classes});
    std::vector<int> predicted_there;
    for (long n = 0; n < batch; ++n)
      predicted_there.push_back(predicted_class(std::span<const T>(z).subspan(
          static_cast<std::size_t>(n * classes), static_cast<std::size_t>(classes))));
    const auto run = [&](score_start start) {
      start.f = f;
      resident<D, T> dz(device, std::vector<T>(z.size(), T(NAN)));
      score_gradient<D, T>(device, start, all, dz);
      return dz.read();
    };
    const int last = classes - 1;
    expect_equal<D>(run({}), expected(target, z, predicted_there));
    expect_equal<D>(run({.all = last}), expected(target, z, std::vector<int>(batch, last)));
    const std::vector<int> each{last, 0, last / 2, 0, last};
    const resident<D, int> there(device, each);
    expect_equal<D>(run({.classes = there, .step = 1}), expected(target, z, each));
    const int* const third = there;
    expect_equal<D>(run({.classes = third + 2, .step = 0}),
                    expected(target, z, std::vector<int>(batch, last / 2)));

    resident<D, int> found(device, std::vector<int>(batch, -1));
    predict<D, T>(device, all, found);
    EXPECT_EQ(found.read(), predicted_there);
  }
}

TEST_ON_EVERY_DEVICE(score_gradient, is_the_targets_derivative) {
  on_every_device([]<class D>(const D& device, auto scalar) {
    using T = decltype(scalar);
    differentiates<D, T>(device, logit());
    differentiates<D, T>(device, probability());
    differentiates<D, T>(device, cross_entropy());
  });
}

TEST_ON_EVERY_DEVICE(score_gradient, says_whether_scores_are_finite) {
  on_every_device([]<class D>(const D& device, auto scalar) {
    using T = decltype(scalar);
    constexpr int classes = 300;
    for (const T bad :
         {T(NAN), std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity(), T(7)})
      for (const std::size_t at : {0, 299, 300, 1499})
        for (const score_function f : {score_function::logit, score_function::cross_entropy}) {
          std::vector<T> z(batch * classes);
          z[at] = bad;
          const resident<D, T> scores(device, z);
          resident<D, T> dz(device, z);
          resident<D, int> not_finite(device, std::vector<int>{0});
          score_gradient<D, T>(device, {.f = f, .all = 0}, view<const T>(scores, batch, {1, 1, classes}), dz,
                               not_finite);
          EXPECT_EQ(not_finite.read()[0], std::isfinite(bad) ? 0 : 1) << bad << " at " << at;
        }
  });
}

}  // namespace
}  // namespace salient::kernel
