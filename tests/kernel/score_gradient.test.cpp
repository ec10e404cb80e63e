// SPDX-License-Identifier: MIT
// label: threads
#include "salient/kernel/score_gradient.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/host_threads.hpp"
#include "kernel/on_every_device.hpp"
#include "laws/devices.hpp"
#include "laws/noise.hpp"
#include "salient/method/target.hpp"

// The definitions, for host_threads too.
#undef SALIENT_INSTANTIATE
#define SALIENT_INSTANTIATE(KERNELS)
#include "kernel/score_gradient.cpp"
#undef KERNELS

namespace salient::kernel {
namespace {

constexpr long batch = 5;
// Fewer than a block has threads, and more.
constexpr int sizes[] = {1, 2, 10, 1000};

template <class T>
std::vector<T> scores_of(int classes) {
  auto z = laws::noise<T>(batch * classes, 1);
  for (T& v : z) v *= 5;
  for (int k = 0; k + 1 < classes; ++k) z[static_cast<std::size_t>(classes + k)] = 3;  // ties
  return z;
}

template <class T, class Target>
std::vector<T> expected(const Target& target, const std::vector<T>& z, const std::vector<int>& of) {
  std::vector<T> dz(z.size());
  const std::size_t classes = z.size() / batch;
  for (std::size_t n = 0; n < batch; ++n)
    target.derivative(std::span<const T>(z).subspan(n * classes, classes), of[n],
                      std::span<T>(dz).subspan(n * classes, classes));
  return dz;
}

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

TEST(score_gradient, is_shared_by_a_team) {
  is_shared_by_a_team(logit());
  is_shared_by_a_team(probability());
  is_shared_by_a_team(cross_entropy());
}

TEST(score_gradient, of_no_number_stays_within_the_scores) {
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
