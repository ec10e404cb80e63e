// SPDX-License-Identifier: MIT
// label: threads
// label: optimised

// Normalisations against their formulas in double, and their gradients against central differences.
#include <cmath>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/written.hpp"
#include "salient/kernel/batch_norm.hpp"
#include "salient/kernel/layer_norm.hpp"
#include "salient/kernel/local_response_norm.hpp"

namespace salient::kernel {
namespace {

using numbers = std::vector<double>;
using function_of_numbers = std::function<numbers(const numbers&)>;

/// The gradient of <dy, f(x)> by central differences, with an error of about 1e-9.
numbers gradient(const function_of_numbers& f, numbers x, const numbers& dy) {
  constexpr double h = 1e-5;
  numbers result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double at = x[i];
    x[i] = at + h;
    const numbers above = f(x);
    x[i] = at - h;
    const numbers below = f(x);
    x[i] = at;
    for (std::size_t j = 0; j < dy.size(); ++j) result[i] += dy[j] * (above[j] - below[j]) / (2 * h);
  }
  return result;
}

/// Compares gradients; even in double the tolerance covers the error of the central differences.
template <class T>
void expect_gradient(const std::vector<T>& got, const numbers& expected, const std::string& what) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(static_cast<double>(got[i]), expected[i],
                (std::is_same_v<T, float> ? 2e-5 : 1e-8) * (1 + std::abs(expected[i])))
        << what << " at " << i;
}

// Small, because every element is differenced. Channels: less than the kernels' 16 accumulators, 16, more.
constexpr extent_case normed[] = {{{2, 3, 5}, 2, 1}, {{1, 1, 16}, 2, 0}, {{2, 2, 37}, 1, 3}};

numbers layer_normed(const numbers& x, const numbers& weight, const numbers& bias, double epsilon) {
  const std::size_t channels = weight.size();
  numbers y;
  for (std::size_t row = 0; row < x.size(); row += channels) {
    double mean = 0, variance = 0;
    const auto count = static_cast<double>(channels);
    for (std::size_t c = 0; c < channels; ++c) mean += x[row + c] / count;
    for (std::size_t c = 0; c < channels; ++c) variance += (x[row + c] - mean) * (x[row + c] - mean) / count;
    for (std::size_t c = 0; c < channels; ++c)
      y.push_back((x[row + c] - mean) / std::sqrt(variance + epsilon) * weight[c] + bias[c]);
  }
  return y;
}

TEST(norms, layer_norm) {
  constexpr double epsilon = 0.01;
  for (const extent_case& at : normed)
    for (const bool affine : {false, true}) {
      const auto channels = static_cast<std::size_t>(at.extent.channels);
      const numbers weight = affine ? laws::noise<double>(at.extent.channels, 3) : numbers(channels, 1.0),
                    bias = affine ? laws::noise<double>(at.extent.channels, 4) : numbers(channels, 0.0);
      const maps<double> x_maps(at.batch, at.extent, 0, 1u), dy_maps(at.batch, at.extent, 0, 2u);
      const numbers x = x_maps.read(), dy = dy_maps.read();
      const numbers y = layer_normed(x, weight, bias, epsilon);
      const auto dx =
          gradient([&](const numbers& v) { return layer_normed(v, weight, bias, epsilon); }, x, dy);
      const auto dweight =
          gradient([&](const numbers& v) { return layer_normed(x, v, bias, epsilon); }, weight, dy);
      const auto dbias =
          gradient([&](const numbers& v) { return layer_normed(x, weight, v, epsilon); }, bias, dy);
      on_every_device([&]<class D, class T>(const D& device, T) {
        const maps<T> own_x(at.batch, at.extent, 1, 1u), own_dy(at.batch, at.extent, 2, 2u);
        const std::vector<T> w(weight.begin(), weight.end()), b(bias.begin(), bias.end());
        const layer_norm_parameters<T> p{affine ? w.data() : nullptr, affine ? b.data() : nullptr,
                                         T(epsilon)};
        for (const epilogue_kind& kind : epilogue_kinds)
          expect_written<T>(device, at, at.extent, kind, y,
                            [&]<class E>(const E& d, const epilogue<T>& e, const view<T>& to) {
                              layer_norm<E, T>(d, own_x.get(), p, e, to);
                            });
        maps<T> own_dx(at.batch, at.extent, at.beside, 5u);
        layer_norm_gradient<D, T>(device, own_dy.get(), own_x.get(), p, {}, own_dx.get());
        expect_gradient(own_dx.read(), dx, "input");
        std::vector<T> own_dweight(channels), own_dbias(channels),
            scratch(static_cast<std::size_t>(layer_norm_scratch(at.extent, at.batch)));
        layer_norm_weight_gradient<D, T>(device, own_dy.get(), own_x.get(), T(epsilon),
                                         {own_dweight.data(), own_dbias.data()}, scratch.data());
        expect_gradient(own_dweight, dweight, "weight");
        expect_gradient(own_dbias, dbias, "bias");
      });
    }
}

numbers responses(const numbers& x, int channels, const local_response<double>& r) {
  numbers y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const int c = static_cast<int>(i) % channels;
    double squares = 0;
    for (int j = c - r.size / 2; j <= c + (r.size - 1) / 2; ++j)
      if (j >= 0 && j < channels)
        squares += x[i - static_cast<std::size_t>(c) + static_cast<std::size_t>(j)] *
                   x[i - static_cast<std::size_t>(c) + static_cast<std::size_t>(j)];
    y.push_back(x[i] / std::pow(r.k + r.alpha * squares / r.size, r.beta));
  }
  return y;
}

TEST(norms, local_response_norm) {
  for (const extent_case& at : normed)
    for (const int size : {1, 2, 4, 5, 9}) {
      const local_response<double> r{size, 0.7, 0.6, 1.5};
      const maps<double> x_maps(at.batch, at.extent, 0, 1u), dy_maps(at.batch, at.extent, 0, 2u);
      const numbers x = x_maps.read(), y = responses(x, at.extent.channels, r);
      const auto dx =
          gradient([&](const numbers& v) { return responses(v, at.extent.channels, r); }, x, dy_maps.read());
      on_every_device([&]<class D, class T>(const D& device, T) {
        const maps<T> own_x(at.batch, at.extent, 1, 1u), own_dy(at.batch, at.extent, 2, 2u);
        const local_response<T> own{r.size, T(r.alpha), T(r.beta), T(r.k)};
        for (const epilogue_kind& kind : epilogue_kinds)
          expect_written<T>(device, at, at.extent, kind, y,
                            [&]<class E>(const E& d, const epilogue<T>& e, const view<T>& to) {
                              local_response_norm<E, T>(d, own, own_x.get(), e, to);
                            });
        maps<T> own_dx(at.batch, at.extent, at.beside, 5u);
        local_response_norm_gradient<D, T>(device, own, own_dy.get(), own_x.get(), {}, own_dx.get());
        expect_gradient(own_dx.read(), dx, "input");
      });
    }
}

struct moments {
  numbers mean, variance;
};

moments moments_of(const numbers& x, std::size_t channels) {
  moments m{numbers(channels), numbers(channels)};
  const double share = static_cast<double>(channels) / static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) m.mean[i % channels] += x[i] * share;
  for (std::size_t i = 0; i < x.size(); ++i)
    m.variance[i % channels] += std::pow(x[i] - m.mean[i % channels], 2) * share;
  return m;
}

numbers batch_normed(const numbers& x, const numbers& weight, const numbers& bias, double epsilon) {
  const moments m = moments_of(x, weight.size());
  numbers y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t c = i % weight.size();
    y.push_back((x[i] - m.mean[c]) / std::sqrt(m.variance[c] + epsilon) * weight[c] + bias[c]);
  }
  return y;
}

TEST(norms, batch_norm_while_it_is_trained) {
  constexpr double epsilon = 0.01;
  for (const extent_case& at : {extent_case{{2, 3, 5}, 2, 1}, {{3, 1, 16}, 2, 0}, {{2, 2, 18}, 2, 3}})
    for (const bool affine : {false, true}) {
      const auto channels = static_cast<std::size_t>(at.extent.channels);
      const numbers weight = affine ? laws::noise<double>(at.extent.channels, 3) : numbers(channels, 1.0),
                    bias(channels, 0.5);
      const maps<double> x_maps(at.batch, at.extent, 0, 1u), dy_maps(at.batch, at.extent, 0, 2u);
      const numbers x = x_maps.read(), dy = dy_maps.read();
      const moments m = moments_of(x, channels);
      const auto dx =
          gradient([&](const numbers& v) { return batch_normed(v, weight, bias, epsilon); }, x, dy);
      const auto dweight =
          gradient([&](const numbers& v) { return batch_normed(x, v, bias, epsilon); }, weight, dy);
      const auto dbias =
          gradient([&](const numbers& v) { return batch_normed(x, weight, v, epsilon); }, bias, dy);
      on_every_device([&]<class D, class T>(const D& device, T) {
        const maps<T> own_x(at.batch, at.extent, 1, 1u), own_dy(at.batch, at.extent, 2, 2u);
        std::vector<T> mean(channels), variance(channels), own_dweight(channels), own_dbias(channels);
        const std::vector<T> w(weight.begin(), weight.end());
        batch_statistics<D, T>(device, own_x.get(), mean.data(), variance.data());
        expect_close(mean, m.mean, 1, "mean");
        expect_close(variance, m.variance, 1, "variance");
        const batch_norm_parameters<T> p{mean.data(), variance.data(), affine ? w.data() : nullptr,
                                         T(epsilon)};
        const batch_norm_gradients<T> g{own_dweight.data(), own_dbias.data()};
        batch_norm_weight_gradient<D, T>(device, own_dy.get(), own_x.get(), p, g);
        expect_gradient(own_dweight, dweight, "weight");
        expect_gradient(own_dbias, dbias, "bias");
        maps<T> own_dx(at.batch, at.extent, at.beside, 5u);
        batch_norm_gradient<D, T>(device, own_dy.get(), own_x.get(), p, g, {}, own_dx.get());
        expect_gradient(own_dx.read(), dx, "input");
        // With an epilogue the result is that epilogue of the plain gradient.
        const auto plain = own_dx.read();
        for (const epilogue_kind& kind : epilogue_kinds)
          expect_written<T>(device, at, at.extent, kind, numbers(plain.begin(), plain.end()),
                            [&]<class E>(const E& d, const epilogue<T>& e, const view<T>& to) {
                              batch_norm_gradient<E, T>(d, own_dy.get(), own_x.get(), p, g, e, to);
                            });
      });
    }
}

// Means far from 0 with small variances, where mean(x^2) - mean(x)^2 would cancel.
TEST(norms, batch_statistics_are_exact_far_from_zero_and_alike_on_threads) {
  constexpr shape extent{40, 50, 19};
  auto values = laws::noise<float>(4 * extent.elements(), 1);
  for (float& v : values) v = 1000 + v / 16;
  const maps<float> x(4, extent, 1, values);
  const moments m = moments_of(numbers(values.begin(), values.end()), 19);
  std::vector<float> mean(19), variance(19), again_mean(19), again_variance(19);
  batch_statistics<cpu, float>(cpu{}, x.get(), mean.data(), variance.data());
  for (std::size_t c = 0; c < 19; ++c) {
    EXPECT_NEAR(mean[c], m.mean[c], 1e-4);
    EXPECT_NEAR(variance[c], m.variance[c], 1e-5 * m.variance[c] + 1e-8);
  }
  const cpu_pool pool(2);
  batch_statistics<cpu_pool, float>(pool, x.get(), again_mean.data(), again_variance.data());
  EXPECT_EQ(again_mean, mean);
  EXPECT_EQ(again_variance, variance);
}

TEST(norms, gradients_of_a_scale_and_of_prelu) {
  for (const extent_case& at : normed)
    on_every_device([&]<class D, class T>(const D& device, T) {
      const maps<T> x(at.batch, at.extent, 1, 1u), dy(at.batch, at.extent, 2, 2u);
      const auto values = x.read(), signal = dy.read();
      const auto channels = static_cast<std::size_t>(at.extent.channels);
      numbers scale(channels), slope(channels);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double product = static_cast<double>(values[i]) * signal[i];
        scale[i % channels] += product;
        if (values[i] <= 0) slope[i % channels] += product;
      }
      std::vector<T> own_scale(channels), own_slope(channels);
      scale_gradient<D, T>(device, dy.get(), x.get(), own_scale.data());
      prelu_gradient<D, T>(device, dy.get(), x.get(), own_slope.data());
      expect_close(own_scale, scale, 8, "scale");
      expect_close(own_slope, slope, 8, "slope");
    });
}

}  // namespace
}  // namespace salient::kernel
