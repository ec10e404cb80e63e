// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/smooth.hpp"

#include <cmath>
#include <vector>

#include "laws/method_laws.hpp"
#include "salient/core/philox.hpp"

namespace salient {
namespace {

using namespace laws;
using methods::smooth;

TEST_ON_EVERY_DEVICE(smooth_grad, obeys_the_method_laws) {
  method_laws(smooth<>{.samples = 3});
  method_laws(smooth<methods::grad_cam<>>{.samples = 2, .seed = 5});
}

/// The network's input with the noise of a sample, by hand.
template <class T>
basic_tensor<T> noisy(basic_tensor<T> input, double deviation, std::uint64_t seed, std::uint32_t sample) {
  const auto [least, largest] = std::ranges::minmax(input.values);
  for (std::size_t i = 0; i < input.values.size(); ++i)
    input.values[i] = static_cast<T>(static_cast<double>(input.values[i]) +
                                     deviation * (static_cast<double>(largest) - static_cast<double>(least)) *
                                         random_numbers{.seed = seed, .sample = sample}.normal(i));
  return input;
}

/// Compares a result for one image with the mean, mean square, variance and standard error of the samples'
/// maps, each computed by itself.
template <class Base, class T>
void expect_statistics_of_maps(const smoothed<T>& e, const smooth<Base>& options, const auto& model,
                               const basic_tensor<T>& input, int about) {
  std::vector<basic_tensor<T>> maps;
  for (int s = 0; s < e.samples.at(0); ++s) {
    const auto at = noisy(input, options.deviation, options.seed, static_cast<std::uint32_t>(s));
    maps.push_back(std::get<0>(explain(model, at, logit(about), options.base)).map);
  }
  ASSERT_TRUE(e.map.extent == maps[0].extent);
  const auto mean_of = [&](const auto& f) {
    basic_tensor<double> mean(maps[0].extent);
    for (std::size_t i = 0; i < mean.values.size(); ++i) {
      for (const auto& map : maps) mean.values[i] += f(static_cast<double>(map.values[i]), i);
      mean.values[i] /= static_cast<double>(maps.size());
    }
    return mean;
  };
  const auto mean = mean_of([](double m, std::size_t) { return m; });
  const auto square = mean_of([](double m, std::size_t) { return m * m; });
  const auto variance =
      mean_of([&](double m, std::size_t i) { return (m - mean.values[i]) * (m - mean.values[i]); });
  auto error = variance;
  for (double& v : error.values) v = std::sqrt(v / (static_cast<double>(maps.size()) - 1));
  const double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-12;
  const auto near = [&](const basic_tensor<T>& a, const basic_tensor<double>& b) {
    expect_near(std::span<const T>(a.values), std::span<const double>(b.values), tolerance);
  };
  near(e.map, mean);
  near(e.squares, square);
  near(e.variance, variance);
  near(e.standard_error, error);
  for (std::size_t i = 0; i < mean.values.size(); ++i)
    EXPECT_NEAR(square.values[i] - mean.values[i] * mean.values[i], variance.values[i],
                1e-12 * square.values[i]);
}

template <class Network, class T = double, class Base>
void expect_statistics(const smooth<Base>& options) {
  const cpu device;
  const auto model = random_model<Network, T>(device);
  const auto image = random_images<T>(Network::input_shape);
  const auto e = std::get<0>(explain(model, image, logit(1), options));
  EXPECT_EQ(e.samples, std::vector{options.samples});
  EXPECT_FALSE(all_zero(e.map) || all_zero(e.variance));
  expect_statistics_of_maps(e, options, model, image, 1);
}

TEST(smooth_grad, is_the_mean_of_maps_at_noisy_inputs) {
  expect_statistics<conv_net>(smooth<>{});
  expect_statistics<conv_net, float>(smooth<>{});
  expect_statistics<pooling_net>(smooth<>{.deviation = 0.4, .samples = 7, .seed = ~std::uint64_t{0}});
}

TEST(smooth_grad, smooths_any_method) {
  expect_statistics<pooled_net>(smooth<methods::gradients_x_input>{.samples = 5});
  expect_statistics<pooled_net>(smooth<methods::guided_backprop>{.samples = 5});
  expect_statistics<pooled_net>(smooth<methods::integrated_gradients>{.base = {.steps = 4}, .samples = 5});
  expect_statistics<pooled_net>(smooth<exact>{.base = {.baseline = 0.1}, .samples = 3});
  expect_statistics<pooled_net>(smooth<methods::cam<>>{.samples = 5});
  expect_statistics<pooled_net>(smooth<methods::grad_cam<>>{.samples = 5});
  expect_statistics<pooled_net>(smooth<methods::grad_cam<"features">>{.base = {.relu = false}, .samples = 5});
  expect_statistics<pooled_net>(smooth<methods::guided_grad_cam<>>{.samples = 5});
  expect_statistics<pooled_net>(
      smooth<methods::deconvolution<"features">>{.base = {.map = 3, .strongest = true}, .samples = 5});
  expect_statistics<pooled_net>(smooth<smooth<>>{.base = {.samples = 3, .seed = 1}, .samples = 4});
}

TEST(smooth_grad, of_a_linear_network_is_the_gradient_without_error) {
  using linear = network<input<6, 5, 2>, conv2d<3, 3>, avg_pool<2>, flatten, dense<4>>;
  const cpu device;
  const auto model = random_model<linear>(device);
  const auto images = random_images(linear::input_shape, 2);
  const auto e = smooth_grad(model, images, logit(2));
  EXPECT_EQ(e.map.values, gradients(model, images, logit(2)).map.values);
  EXPECT_TRUE(all_zero(e.variance) && all_zero(e.standard_error));
  for (std::size_t i = 0; i < e.map.values.size(); ++i)
    EXPECT_FLOAT_EQ(e.squares.values[i], e.map.values[i] * e.map.values[i]);
}

template <class T>
void expect_equal(const smoothed<T>& a, const smoothed<T>& b) {
  EXPECT_EQ(a.map.values, b.map.values);
  EXPECT_EQ(a.squares.values, b.squares.values);
  EXPECT_EQ(a.variance.values, b.variance.values);
  EXPECT_EQ(a.standard_error.values, b.standard_error.values);
  EXPECT_EQ(a.samples, b.samples);
}

TEST(smooth_grad, has_a_variance_that_does_not_cancel) {
  methods::detail::moments moments;
  for (const double v : {1e9, 1e9 + 1, 1e9 + 1, 1e9})
    moments.add(std::span<const double>(std::vector{v, 0.1, -v}));
  smoothed<double> e;
  methods::detail::make_room(e, {1, 3, 1}, 1);
  moments.write(e, 0, "smooth_grad");
  EXPECT_EQ(e.map.values, (std::vector{1e9 + 0.5, 0.1, -1e9 - 0.5}));
  EXPECT_NEAR(e.variance.values[0], 0.25, 1e-6);
  EXPECT_EQ(e.variance.values[1], 0);
  EXPECT_EQ(e.variance.values[2], e.variance.values[0]);
  EXPECT_NEAR(e.standard_error.values[0], std::sqrt(1 / 3.0) / 2, 1e-6);
}

TEST(smooth_grad, is_the_same_for_every_budget_and_number_of_threads) {
  const auto images = random_images(pooling_net::input_shape, 2);
  const auto of = [&](const auto& device, long budget, std::optional<double> tolerance) {
    return smooth_grad(random_model<pooling_net>(device), images, logit(1),
                       {.samples = 10, .tolerance = tolerance, .most_samples = {}, .budget = budget});
  };
  constexpr long each = pooling_net::plan<pass_for<pooling_net, methods::gradients>, float>.bytes;
  for (const std::optional<double> tolerance : {std::optional<double>(), std::optional(0.2)}) {
    const auto expected = of(cpu{}, 64L << 20, tolerance);
    if (tolerance) {
      EXPECT_GT(expected.samples[0], 10);
    }
    for (const long budget : {1L, 2 * each, 3 * each + 1, 7 * each}) {
      SCOPED_TRACE(budget);
      expect_equal(of(cpu{}, budget, tolerance), expected);
    }
    for (const int threads : {1, 2, 3})
      expect_equal(of(cpu_pool(threads), 3 * each * threads, tolerance), expected);
  }
}

TEST(smooth_grad, of_an_image_is_the_same_in_every_batch) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 3);
  const methods::smooth<> options{.samples = 8, .tolerance = 0.15};
  const auto together = smooth_grad(model, images, logit(), options);
  EXPECT_NE(together.samples[0], together.samples[1]) << "each image takes what it needs";
  for (long n = 0; n < 3; ++n) {
    const auto alone = smooth_grad(model, images.slice(n, 1), logit(), options);
    EXPECT_EQ(together.map.slice(n, 1).values, alone.map.values);
    EXPECT_EQ(together.standard_error.slice(n, 1).values, alone.standard_error.values);
    EXPECT_EQ(together.samples[static_cast<std::size_t>(n)], alone.samples[0]);
  }
}

TEST(smooth_grad, changes_with_the_seed_and_the_deviation) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  const auto of = [&](const methods::smooth<>& options) {
    return smooth_grad(model, image, logit(1), options).map.values;
  };
  EXPECT_EQ(of({}), of({.deviation = 0.15, .samples = 50, .seed = 0}));
  EXPECT_NE(of({}), of({.seed = 1}));
  EXPECT_NE(of({}), of({.seed = std::uint64_t{1} << 32}));
  EXPECT_NE(of({}), of({.deviation = 0.2}));
  EXPECT_NE(of({}), of({.samples = 49}));
}

TEST(smooth_grad, of_a_constant_image_is_the_base_methods_map) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const tensor grey(conv_net::input_shape, 1, 0.4F);
  const auto e = smooth_grad(model, grey, logit(1));
  EXPECT_EQ(e.map.values, gradients(model, grey, logit(1)).map.values);
  EXPECT_TRUE(all_zero(e.variance) && all_zero(e.standard_error));
  const auto image = random_images(conv_net::input_shape);
  EXPECT_EQ(smooth_grad(model, image, logit(1), {.deviation = 0}).map.values,
            gradients(model, image, logit(1)).map.values);
}

TEST(smooth_grad, explains_the_class_of_the_input_without_noise) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 3);
  const methods::smooth<> options{.deviation = 2, .samples = 20};
  const auto e = smooth_grad(model, images, logit(), options);
  EXPECT_EQ(e.classes, predicted_classes(e.scores));
  EXPECT_EQ(e.scores.values, gradients(model, images).scores.values);
  EXPECT_EQ(e.values, gradients(model, images).values);
  EXPECT_EQ(e.map.values, smooth_grad(model, images, logit(e.classes), options).map.values);
  bool turned = false;
  for (std::uint32_t s = 0; s < 20; ++s)
    turned |= predicted_classes(predict(model, noisy(images.slice(0, 1), 2, 0, s)))[0] != e.classes[0];
  EXPECT_TRUE(turned) << "the noise is too weak to test this";
}

TEST(smooth_grad, refers_to_the_networks_input) {
  constexpr preprocessing p{.range = 255, .mean = 100, .deviation = 50};
  const cpu device;
  const model<conv_net, cpu, double> told(device, random_weights<conv_net>(), p),
      plain(device, random_weights<conv_net>());
  const auto image = random_images<double>(conv_net::input_shape);
  expect_statistics_of_maps(smooth_grad(told, image, logit(1), {.samples = 6}), smooth<>{}, plain,
                            preprocess(p, image), 1);
}

double mean_magnitude(const tensor& t) {
  double sum = 0;
  for (const float v : t.values) sum += std::abs(static_cast<double>(v));
  return sum / static_cast<double>(t.values.size());
}

TEST(smooth_grad, stops_once_the_standard_error_is_small_enough) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  const auto error_after = [&](int n) {
    const auto e = smooth_grad(model, image, logit(1), {.samples = n});
    return mean_magnitude(e.standard_error) / mean_magnitude(e.map);
  };
  for (const double tolerance : {0.1, 0.05}) {
    SCOPED_TRACE(tolerance);
    const auto e = smooth_grad(model, image, logit(1), {.samples = 5, .tolerance = tolerance});
    const int n = e.samples[0];
    ASSERT_TRUE(n > 5 && n < 1000) << n;
    EXPECT_LE(error_after(n), tolerance * (1 + 1e-6));
    EXPECT_GT(error_after(n - 1), tolerance * (1 - 1e-6));
    expect_equal(e, smooth_grad(model, image, logit(1), {.samples = n}));
    const auto limited =
        smooth_grad(model, image, logit(1), {.samples = 5, .tolerance = tolerance, .most_samples = n - 1});
    expect_equal(limited, smooth_grad(model, image, logit(1), {.samples = n - 1}));
  }
  EXPECT_EQ(smooth_grad(model, image, logit(1), {.samples = 12, .tolerance = 1e3}).samples[0], 12)
      << "samples is the least";
  EXPECT_EQ(smooth_grad(model, image, logit(1), {.samples = 12, .tolerance = 1e-9}).samples[0], 1000);
  EXPECT_EQ(smooth_grad(model, image, logit(1), {.samples = 1001, .tolerance = 1e-9}).samples[0], 1001);
  EXPECT_EQ(smooth_grad(model, image, logit(1), {.tolerance = 1e-9, .most_samples = 3}).samples[0], 3);
  const tensor grey(conv_net::input_shape, 1, 0.4F);
  EXPECT_EQ(smooth_grad(model, grey, logit(1), {.samples = 2, .tolerance = 1e-9}).samples[0], 2);
}

TEST(smooth_grad, takes_each_images_own_baseline) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  basic_tensor<double> baselines = random_images<double>(conv_net::input_shape, 2, 29);
  baselines.values.back() = 7;  // of image 1
  const auto check = [&](auto options) {
    options.samples = 4;
    auto each = options;
    each.base.baseline_image = baselines;
    const auto together = std::get<0>(explain(model, images, logit(1), each));
    EXPECT_EQ(together.out_of_range, std::vector{1});
    for (long n = 0; n < 2; ++n) {
      auto own = options;
      own.base.baseline_image = baselines.slice(n, 1);
      const auto alone = std::get<0>(explain(model, images.slice(n, 1), logit(1), own));
      EXPECT_EQ(together.map.slice(n, 1).values, alone.map.values) << n;
      const auto shared = std::get<0>(explain(model, images, logit(1), own));
      EXPECT_EQ(shared.map.slice(n, 1).values, alone.map.values) << "one for all";
    }
    smooth<decltype(options)> twice{.base = each, .samples = 3};
    const auto nested = std::get<0>(explain(model, images, logit(1), twice));
    twice.base.base.baseline_image = baselines.slice(1, 1);
    EXPECT_EQ(nested.map.slice(1, 1).values,
              std::get<0>(explain(model, images.slice(1, 1), logit(1), twice)).map.values);
  };
  check(smooth<methods::integrated_gradients>{.base = {.steps = 3}});
  check(smooth<exact>{});
}

TEST(smooth_grad, reads_a_layer_chosen_at_run_time) {
  using net = pooled_net;
  using by_type = smooth<methods::grad_cam<"features">>;
  const cpu device;
  const auto model = random_model<net>(device);
  const auto images = random_images(net::input_shape, 2);
  constexpr int layer = methods::grad_cam<"features">::tap<net>;
  session<salient::model<net>, pass_with<0, layer>> s(model, 2);
  const query q(s, images, logit(1));
  const smooth<methods::grad_cam<>> at_run_time{.samples = 5};
  expect_equal(at_run_time.at(q, layer), by_type{.samples = 5}(q));
}

/// The largest score minus the smallest: a target about no class.
struct span_of_scores {
  template <class T>
  T value(std::span<const T> z) const {
    return *std::ranges::max_element(z) - *std::ranges::min_element(z);
  }
  template <class T>
  void derivative(std::span<const T> z, std::span<T> dz) const {
    dz[static_cast<std::size_t>(std::ranges::max_element(z) - z.begin())] += 1;
    dz[static_cast<std::size_t>(std::ranges::min_element(z) - z.begin())] -= 1;
  }
};

TEST(smooth_grad, explains_every_target) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images(conv_net::input_shape, 2);
  const auto check = [&](const auto& target) {
    const auto e = smooth_grad(model, images, target, {.samples = 2});
    const auto first = gradients(model, noisy(images.slice(1, 1), 0.15, 0, 0), target).map.values;
    const auto second = gradients(model, noisy(images.slice(1, 1), 0.15, 0, 1), target).map.values;
    for (std::size_t i = 0; i < first.size(); ++i)
      EXPECT_NEAR(e.map.image(1)[i], (first[i] + second[i]) / 2, 1e-6);
    EXPECT_EQ(e.values, gradients(model, images, target).values);
  };
  check(probability(2));
  check(cross_entropy(0));
  check(span_of_scores{});

  session<salient::model<conv_net>, pass_for<conv_net, smooth<>, methods::guided_backprop>> s(model, 2);
  const auto all = explain_each(s, images, std::vector{logit(0), logit(3)}, smooth<>{.samples = 4},
                                methods::guided_backprop{});
  for (const std::size_t k : {0u, 1u}) {
    const logit target(k == 0 ? 0 : 3);
    expect_equal(std::get<0>(all[k]), smooth_grad(model, images, target, {.samples = 4}));
    EXPECT_EQ(std::get<1>(all[k]).map.values, guided_backprop(model, images, target).map.values)
        << "the session's own pass is untouched";
  }
}

TEST(smooth_grad, has_its_base_methods_words) {
  static_assert(smooth<>::words.name == "smooth_grad" && !smooth<>::words.of_layer);
  static_assert(smooth<methods::grad_cam<>>::words.of_layer);
  static_assert(smooth<methods::grad_cam<>>::words.non_negative);
  static_assert(std::is_same_v<smooth<methods::cam<>>::needs, methods::cam<>::needs>);
  static_assert(!applies<smooth<methods::cam<>>, conv_net> && applies<smooth<methods::cam<>>, pooled_net>);
}

}  // namespace
}  // namespace salient
