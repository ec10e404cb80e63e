// SPDX-License-Identifier: MIT
// label: threads
#include "salient/train/fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "salient/io/idx.hpp"
#include "salient/salient.hpp"
#include "salient/train/evaluate.hpp"
#include "salient/train/initialise.hpp"

namespace salient {
namespace {

using net = network<input<6, 6>, conv2d<4, 3>, relu, flatten, dense<3>>;

/// Noise with a bright bar at the top, in the middle or at the bottom.
labelled_images bars(long count, std::uint64_t seed) {
  random generator(seed);
  labelled_images all{tensor(net::input_shape, count), {}};
  for (float& v : all.images.values) v = static_cast<float>(0.3 * generator.uniform());
  for (long n = 0; n < count; ++n) {
    all.labels.push_back(static_cast<int>(generator.below(3)));
    for (int x = 0; x < 6; ++x) all.images(n, 2 * all.labels.back(), x, 0) += 0.7f;
  }
  return all;
}

template <class D>
state_dict trained(const D& device, std::uint64_t seed, const fit_options& options) {
  const auto data = bars(200, 1);
  model<net, D> m(device, random_parameters<net>(seed));
  fit(m, data.images, std::span<const int>(data.labels), options, [](const fit_progress&) {});
  return m.to_state_dict();
}

double test_accuracy(const state_dict& parameters) {
  const cpu device;
  const auto test = bars(300, 2);
  return accuracy(model<net>(device, parameters), test.images, test.labels);
}

TEST(fit, learns_what_is_easy) {
  EXPECT_LT(test_accuracy(random_parameters<net>(1)), 0.7);
  EXPECT_GT(test_accuracy(trained(cpu{}, 1, {.epochs = 10, .batch = 16, .rate = 0.01})), 0.98);
  EXPECT_GT(test_accuracy(trained(
                cpu{}, 1, {.epochs = 10, .batch = 16, .optimiser = optimiser_kind::sgd, .rate = 0.05})),
            0.98);
}

TEST(fit, is_the_same_from_the_same_seed) {
  const fit_options options{.epochs = 2, .batch = 32, .shift = 1};
  const auto a = trained(cpu{}, 1, options), b = trained(cpu{}, 1, options), c = trained(cpu{}, 2, options);
  EXPECT_EQ(a[0].values, b[0].values);
  EXPECT_NE(a[0].values, c[0].values);
  auto reordered = options;
  reordered.seed = 2;
  EXPECT_NE(a[0].values, trained(cpu{}, 1, reordered)[0].values);
}

TEST_ON_EVERY_DEVICE(fit, is_the_same_on_another_device_but_for_rounding) {
  const fit_options options{.epochs = 2, .batch = 64};
  const auto a = trained(cpu{}, 1, options);
  const cpu_pool pool(3);
  const gpu* const card = laws::tested_gpu();
  const auto b = card ? trained(*card, 1, options) : trained(pool, 1, options);
  const double tolerance = card ? 1e-3 : 1e-4;  // Adam amplifies rounding errors of gradients near zero
  for (std::size_t t = 0; t < a.size(); ++t)
    for (std::size_t i = 0; i < a[t].values.size(); ++i)
      EXPECT_NEAR(a[t].values[i], b[t].values[i], tolerance);
}

TEST(fit, reports_every_batch) {
  const auto data = bars(50, 1);
  const cpu device;
  model<net> m(device, random_parameters<net>(1));
  std::vector<fit_progress> reports;
  fit(m, data.images, std::span<const int>(data.labels), {.epochs = 2, .batch = 20},
      [&](const fit_progress& p) { reports.push_back(p); });
  ASSERT_EQ(reports.size(), 6u);
  EXPECT_EQ(reports[2].seen, 50) << "the last batch of an epoch holds what is left";
  EXPECT_EQ(reports[3].epoch, 1);
  EXPECT_LT(reports[5].loss, reports[2].loss);
}

TEST(fit, reports_the_mean_over_the_images_seen_whatever_the_batches) {
  const auto data = bars(50, 1);
  const cpu device;
  model<net, cpu, double> m(device, random_parameters<net>(1));
  const basic_tensor<double> images = data.images;
  const auto whole = softmax_cross_entropy(predict(m, images), std::span<const int>(data.labels));
  std::vector<fit_progress> reports;  // with a rate too small to change a parameter
  fit(m, images, std::span<const int>(data.labels), {.epochs = 1, .batch = 20, .rate = 1e-300},
      [&](const fit_progress& p) { reports.push_back(p); });
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_NEAR(reports[2].loss, whole.loss, 1e-12) << "the last batch has 10 images, and weighs half";
  EXPECT_NEAR(reports[2].accuracy, static_cast<double>(whole.correct) / 50, 1e-12);
}

/// Three equal images in batches of two are two updates per epoch; the result is computed by hand.
TEST(fit, lets_the_rate_fall_along_a_cosine_over_all_updates) {
  using line = network<input<1, 1>, dense<2>>;
  const cpu device;
  model<line, cpu, double> m(device, {{"0.weight", {2, 1}, {0.5, -0.25}}, {"0.bias", {2}, {0.125, 0}}});
  double w[]{0.5, -0.25}, b[]{0.125, 0};
  constexpr int updates = 4;
  const double x = 0.75, rate = 0.5;
  for (int update = 0; update < updates; ++update) {
    const double z[]{w[0] * x + b[0], w[1] * x + b[1]};
    const double p = 1 / (1 + std::exp(z[1] - z[0]));  // of class 0, the label
    const double step = rate * (1 + std::cos(std::numbers::pi * update / updates)) / 2;
    for (int k : {0, 1}) {
      const double dz = k == 0 ? p - 1 : 1 - p;
      w[k] -= step * dz * x;
      b[k] -= step * dz;
    }
  }
  const std::vector<int> labels(3, 0);
  fit(m, basic_tensor<double>(line::input_shape, 3, x), std::span<const int>(labels),
      {.epochs = 2, .batch = 2, .optimiser = optimiser_kind::sgd, .rate = rate, .momentum = 0},
      [](const fit_progress&) {});
  const auto& place = line::parameter_layout.places[0];
  const auto values = m.values();
  for (std::size_t k : {0u, 1u}) {
    EXPECT_NEAR(values[static_cast<std::size_t>(place.tensor[0]) + k], w[k], 1e-12);
    EXPECT_NEAR(values[static_cast<std::size_t>(place.tensor[1]) + k], b[k], 1e-12);
  }
}

TEST(fit, moves_running_averages_as_pytorch_does) {
  using normalised = network<input<1, 2>, batch_norm<>, flatten, dense<2>>;
  const cpu device;
  model<normalised> m(device, random_parameters<normalised>(1));
  tensor images(normalised::input_shape, 2);
  images.values = {0.1F, 0.5F, 0.2F, 0.8F};  // mean 0.4, sum of squared deviations 0.3
  fit(m, images, std::vector<int>{0, 1}, {.epochs = 1, .batch = 2}, [](const fit_progress&) {});
  const state_dict trained = m.to_state_dict();
  const auto value = [&](std::string_view name) {
    return std::ranges::find(trained, name, &named_tensor::name)->values.at(0);
  };
  EXPECT_NEAR(value("0.running_mean"), 0.1 * 0.4, 1e-6);
  EXPECT_NEAR(value("0.running_var"), 0.9 + 0.1 * 0.3 / 3, 1e-6);
}

TEST(fit, trains_behind_the_models_preprocessing) {
  constexpr preprocessing p{.mean = 0.3, .deviation = 0.25};
  const auto data = bars(100, 1);
  const cpu device;
  const auto trained = [&](const tensor& images, const preprocessing& by_the_model) {
    model<net> m(device, random_parameters<net>(1), by_the_model);
    fit(m, images, std::span<const int>(data.labels), {.epochs = 1, .batch = 20}, [](const fit_progress&) {});
    return m.to_state_dict();
  };
  const auto told = trained(data.images, p), by_hand = trained(preprocess(p, data.images), {});
  for (std::size_t t = 0; t < told.size(); ++t) EXPECT_EQ(told[t].values, by_hand[t].values);
}

TEST(fit, refuses_what_cannot_be_learnt) {
  const auto data = bars(10, 1);
  const cpu device;
  model<net> m(device, random_parameters<net>(1));
  const auto refuse = [&](const tensor& images, std::vector<int> labels, const fit_options& options) {
    EXPECT_THROW(fit(m, images, std::span<const int>(labels), options, [](const fit_progress&) {}), error);
  };
  refuse(tensor(net::input_shape, 0), {}, {});
  refuse(data.images, {1, 2}, {});
  refuse(data.images, std::vector<int>(10, 3), {});
  refuse(data.images, data.labels, {.epochs = 0});
  refuse(data.images, data.labels, {.batch = 0});
  refuse(data.images, data.labels, {.rate = 0});
  refuse(data.images, data.labels, {.shift = -1});
  refuse(data.images, data.labels, {.shift = 6});
  refuse(data.images, data.labels, {.shift = std::numeric_limits<int>::max()});
  refuse(data.images, data.labels, {.momentum = 1});
  refuse(data.images, data.labels, {.rate = std::nan("")});
  refuse(data.images, data.labels, {.momentum = std::nan("")});
  EXPECT_THROW(accuracy(m, data.images, std::span<const int>(data.labels).first(9)), error);

  std::vector<int> one_wrong = data.labels;
  one_wrong.back() = 26;
  const auto before = m.values();
  refuse(data.images, one_wrong, {.batch = 1});
  EXPECT_EQ(m.values(), before) << "refused before the first update";
  EXPECT_THROW(accuracy(m, data.images, std::span<const int>(one_wrong)), error);
}

TEST(fit, that_diverges_says_so) {
  const auto data = bars(10, 1);
  const cpu device;
  model<net> m(device, random_parameters<net>(1));
  try {
    fit(m, data.images, std::span<const int>(data.labels),
        {.epochs = 100, .optimiser = optimiser_kind::sgd, .rate = 1e30}, [](const fit_progress&) {});
    FAIL() << "nothing thrown";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("the loss is no longer finite in epoch"), std::string::npos)
        << e.what();
    EXPECT_NE(std::string(e.what()).find("smaller learning rate"), std::string::npos) << e.what();
  }
}

TEST(shifting, moves_an_image_and_fills_with_zeros) {
  tensor image({3, 3, 1});
  image.values = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  tensor moved({3, 3, 1});
  detail::copy_shifted(image, 0, 1, -1, moved, 0);
  EXPECT_EQ(moved.values, (std::vector<float>{0, 0, 0, 2, 3, 0, 5, 6, 0}));
}

}  // namespace
}  // namespace salient
