// SPDX-License-Identifier: MIT
// label: threads
// label: optimised
#include "salient/kernel/elementwise.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "kernel/written.hpp"

namespace salient::kernel {
namespace {

TEST(elementwise, apply_is_the_epilogue) {
  for_each_case([](const extent_case& at, const epilogue_kind& kind) {
    on_every_device([&]<class D, class T>(const D& device, T) {
      const maps<T> x(at.batch, at.extent, 1, 1u);
      const maps<double> exact(at.batch, at.extent, 1, 1u);
      for (const bool slice : {false, true}) {
        const maps<T> from(at.batch, at.extent, slice ? 2 : 0, x.read());
        expect_written<T>(
            device, at, at.extent, kind, exact.read(),
            [&](const D& d, const epilogue<T>& e, const view<T>& y) { apply<D, T>(d, from.get(), e, y); },
            [&](share s, const auto& e, const auto& y) {
              if constexpr (std::is_same_v<T, float>) direct::apply{from.get(), e, y}(s);
            });
      }
    });
  });
}

TEST(elementwise, apply_may_write_over_its_input) {
  on_every_device([]<class D, class T>(const D& device, T) {
    maps<T> x(2, {3, 4, 21}, 2, 1u);
    const auto before = x.read();
    apply<D, T>(device, x.get(), {}, x.get());
    EXPECT_EQ(x.read(), before);
    apply<D, T>(device, x.get(), {.activate = {.f = function::relu}}, x.get());
    const auto after = x.read();
    for (std::size_t i = 0; i < before.size(); ++i) ASSERT_EQ(after[i], std::max(before[i], T(0)));
  });
}

TEST(elementwise, multiply_by_every_element_or_by_channel) {
  for_each_case([](const extent_case& at, const epilogue_kind& kind) {
    on_every_device([&]<class D, class T>(const D& device, T) {
      for (const bool by_channel : {false, true}) {
        const shape factors = by_channel ? shape{1, 1, at.extent.channels} : at.extent;
        const maps<T> x(at.batch, at.extent, 2, 1u), s(at.batch, factors, 1, 2u);
        const auto values = x.read(), scale = s.read();
        std::vector<double> results;
        const auto channels = static_cast<std::size_t>(at.extent.channels);
        const auto image = static_cast<std::size_t>(at.extent.elements());
        for (std::size_t i = 0; i < values.size(); ++i)
          results.push_back(static_cast<double>(values[i]) *
                            scale[by_channel ? i / image * channels + i % channels : i]);
        expect_written<T>(
            device, at, at.extent, kind, results,
            [&](const D& d, const epilogue<T>& e, const view<T>& y) {
              multiply<D, T>(d, x.get(), s.get(), e, y);
            },
            [&](share part, const auto& e, const auto& y) {
              if constexpr (std::is_same_v<T, float>) direct::multiply{x.get(), s.get(), e, y}(part);
            });
      }
    });
  });
}

TEST(elementwise, multiply_gradient_sums_over_positions) {
  for_each_case([](const extent_case& at, const epilogue_kind& kind) {
    on_every_device([&]<class D, class T>(const D& device, T) {
      const maps<T> x(at.batch, at.extent, 2, 1u), dy(at.batch, at.extent, 1, 2u);
      const auto values = x.read(), signal = dy.read();
      const auto channels = static_cast<std::size_t>(at.extent.channels);
      std::vector<double> results(static_cast<std::size_t>(at.batch) * channels);
      for (std::size_t i = 0; i < values.size(); ++i)
        results[i / static_cast<std::size_t>(at.extent.elements()) * channels + i % channels] +=
            static_cast<double>(values[i]) * signal[i];
      expect_written<T>(
          device, at, {1, 1, at.extent.channels}, kind, results,
          [&](const D& d, const epilogue<T>& e, const view<T>& ds) {
            multiply_gradient<D, T>(d, dy.get(), x.get(), e, ds);
          },
          [&](share part, const auto& e, const auto& ds) {
            if constexpr (std::is_same_v<T, float>) direct::multiply_gradient{dy.get(), x.get(), e, ds}(part);
          });
    });
  });
}

TEST(elementwise, softmax_and_its_gradient_of_each_position) {
  on_every_device([]<class D, class T>(const D& device, T) {
    const shape extent{3, 2, 13};
    maps<T> x(2, extent, 2, 1u), dy(2, extent, 0, 2u), y(2, extent, 1, 3u), dx(2, extent, 3, 4u);
    x.get()(0, 0, 0, 5) = T(90);  // its exponential would overflow
    softmax<D, T>(device, x.get(), y.get());
    softmax_gradient<D, T>(device, y.get(), dy.get(), dx.get());
    const auto values = x.read(), signal = dy.read();
    std::vector<double> p, gradient;
    for (std::size_t row = 0; row < values.size(); row += 13) {
      double sum = 0, inner = 0;
      for (std::size_t c = 0; c < 13; ++c) sum += std::exp(static_cast<double>(values[row + c]) - 1);
      for (std::size_t c = 0; c < 13; ++c) {
        p.push_back(std::exp(static_cast<double>(values[row + c]) - 1) / sum);
        inner += p.back() * signal[row + c];
      }
      for (std::size_t c = 0; c < 13; ++c) gradient.push_back(p[row + c] * (signal[row + c] - inner));
    }
    expect_close(y.read(), p, 13, "softmax");
    expect_close(dx.read(), gradient, 13, "its gradient");
  });
}

TEST(elementwise, bend_reach_is_where_an_element_first_meets_the_bend) {
  on_every_device([]<class D, class T>(const D& device, T) {
    for (const double bend : {0.0, 0.25}) {
      const maps<T> x(2, {3, 2, 5}, 1, 1u), slope(2, {3, 2, 5}, 2, 2u);
      const auto values = x.read(), speeds = slope.read();
      std::vector<double> expected(2, 0.4);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double t = (bend - values[i]) / speeds[i];
        double& reach = expected[i / 30];
        if (t > 0) reach = std::min(reach, t);
      }
      std::vector<T> reach(2, T(0.4));
      bend_reach<D, T>(device, x.get(), slope.get(), static_cast<T>(bend), reach.data());
      expect_close(reach, expected, 1, "reach");
    }
    // Elements at the breakpoint, or moving away from it, do not count.
    maps<T> x(1, {1, 1, 3}, 0, std::vector<T>{0, 1, -1}), slope(1, {1, 1, 3}, 0, std::vector<T>{1, 2, -3});
    std::vector<T> reach(1, T(7));
    bend_reach<D, T>(device, x.get(), slope.get(), T(0), reach.data());
    EXPECT_EQ(reach[0], T(7));
  });
}

// Threads must not write to the same byte of a mask; the thread sanitizer would report it.
TEST(elementwise, threads_share_the_work) {
  const cpu_pool pool(4);
  const shape extent{57, 31, 21};
  const extent_case at{extent, 4, 0};
  const epilogue_kind kind{
      .name = "all", .scale = true, .shift = true, .f = function::relu, .gate = epilogue_kind::bits};
  const maps<float> x(at.batch, extent, 0, 1u);
  const maps<double> exact(at.batch, extent, 0, 1u);
  expect_written<float>(
      pool, at, extent, kind, exact.read(),
      [&](const cpu_pool& d, const epilogue<float>& e, const view<float>& y) {
        apply<cpu_pool, float>(d, x.get(), e, y);
      },
      [&](share s, const auto& e, const auto& y) { direct::apply{x.get(), e, y}(s); });
}

}  // namespace
}  // namespace salient::kernel
