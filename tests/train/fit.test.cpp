// SPDX-License-Identifier: MIT
// label: threads
#include "salient/train/fit.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "laws/devices.hpp"
#include "salient/io/idx.hpp"
#include "salient/salient.hpp"
#include "salient/train/evaluate.hpp"
#include "salient/train/initialise.hpp"

namespace salient {
namespace {

using net = network<input<6, 6>, conv2d<4, 3>, relu, flatten, dense<3>>;

/// Noise with a bright bar: on top, in the middle, or at the bottom.
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
  const double tolerance = card ? 1e-3 : 1e-4;  // Adam enlarges what rounding makes of a gradient near zero
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
  EXPECT_THROW(accuracy(m, data.images, std::span<const int>(data.labels).first(9)), error);

  std::vector<int> one_wrong = data.labels;
  one_wrong.back() = 26;
  const auto before = m.values();
  refuse(data.images, one_wrong, {.batch = 1});
  EXPECT_EQ(m.values(), before) << "refused before the first update";
  EXPECT_THROW(accuracy(m, data.images, std::span<const int>(one_wrong)), error);

  refuse(data.images, data.labels,
         {.epochs = 100, .optimiser = optimiser_kind::sgd, .rate = 1e30});  // diverges
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
