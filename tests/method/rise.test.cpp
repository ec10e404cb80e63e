// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/rise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "laws/message_of.hpp"
#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(rise, obeys_the_method_laws) {
  method_laws(methods::rise{.masks = 5});
  method_laws(methods::rise{.masks = 3, .cells = 3, .kept = 0.25, .seed = 9, .budget = 1});
}

/// How much each of two pixels along one side takes from the same cell, averaged over the offsets: the sum
/// over cells of the products of their bilinear weights.
std::vector<std::vector<double>> shared_cells(int length, int cells) {
  const int cell = (length + cells - 1) / cells, enlarged = (cells + 1) * cell;
  std::vector<std::vector<double>> mean(static_cast<std::size_t>(length),
                                        std::vector<double>(static_cast<std::size_t>(length)));
  for (int offset = 0; offset < cell; ++offset) {
    std::vector<std::vector<double>> weights;  // of the cells, for each pixel
    for (int i = 0; i < length; ++i) {
      // Centres of pixels lie at halves; a cell's value is at its own centre, and constant beyond the last.
      const double at = std::clamp((offset + i + 0.5) * cells / enlarged, 0.5, cells - 0.5);
      auto& w = weights.emplace_back(static_cast<std::size_t>(cells));
      for (int c = 0; c < cells; ++c)
        w[static_cast<std::size_t>(c)] = std::max(0.0, 1 - std::abs(at - (c + 0.5)));
    }
    for (std::size_t i = 0; i < mean.size(); ++i)
      for (std::size_t j = 0; j < mean.size(); ++j)
        for (std::size_t c = 0; c < static_cast<std::size_t>(cells); ++c)
          mean[i][j] += weights[i][c] * weights[j][c] / cell;
  }
  return mean;
}

using linear_net = network<input<9, 10, 2>, flatten, dense<3>>;

/// The expectation of RISE's map of a linear network. With g_c the cells, of which each is 1 with probability
/// p, and m_i = sum over c of B_ic g_c, E m_i m_j = p^2 + p (1 - p) sum over c of B_ic B_jc, because the
/// weights B_ic of a pixel sum to 1. The map is E m_i (b + sum over j of w_j x_j m_j) / p.
basic_tensor<double> expected_map(const model<linear_net, cpu, double>& model,
                                  const basic_tensor<double>& image, int about, int cells, double p) {
  const auto parts = channel_sum(gradients_x_input(model, image, logit(about)).map);
  const double bias =
      predict(model, basic_tensor<double>(linear_net::input_shape)).values[static_cast<std::size_t>(about)];
  const auto rows = shared_cells(9, cells), columns = shared_cells(10, cells);
  basic_tensor<double> map({9, 10, 1});
  for (int y = 0; y < 9; ++y)
    for (int x = 0; x < 10; ++x) {
      double sum = bias;
      for (int v = 0; v < 9; ++v)
        for (int u = 0; u < 10; ++u)
          sum += parts(0, v, u, 0) *
                 (p + (1 - p) * rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(v)] *
                          columns[static_cast<std::size_t>(x)][static_cast<std::size_t>(u)]);
      map(0, y, x, 0) = sum;
    }
  return map;
}

TEST(rise, of_a_linear_network_has_the_expectation_in_closed_form) {
  const auto model = random_model<linear_net, double>(device);
  const auto image = random_images<double>(linear_net::input_shape);
  for (const auto& [cells, p] :
       {std::pair(7, 0.5), std::pair(3, 0.5), std::pair(4, 0.2), std::pair(2, 0.8)}) {
    SCOPED_TRACE(std::to_string(cells) + " cells, " + std::to_string(p));
    const auto expected = expected_map(model, image, 1, cells, p);
    const auto e = rise(model, image, logit(1), {.masks = 4000, .cells = cells, .kept = p});
    double most = 0;
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
      const double errors = std::abs(e.map.values[i] - expected.values[i]) / e.standard_error.values[i];
      EXPECT_LE(errors, 4) << "position " << i;
      most = std::max(most, errors);
    }
    EXPECT_GT(most, 0.3) << "the standard error is too large to test this";
  }
}

/// The mean of (map - expectation)^2 / standard error^2 is 1.
TEST(rise, has_a_standard_error_that_is_true) {
  const auto model = random_model<linear_net, double>(device);
  const auto image = random_images<double>(linear_net::input_shape);
  const auto expected = expected_map(model, image, 0, 3, 0.5);
  double sum = 0;
  constexpr int runs = 200;
  for (int run = 0; run < runs; ++run) {
    const auto e =
        rise(model, image, logit(0), {.masks = 100, .cells = 3, .seed = static_cast<std::uint64_t>(run)});
    for (std::size_t i = 0; i < expected.values.size(); ++i)
      sum += std::pow((e.map.values[i] - expected.values[i]) / e.standard_error.values[i], 2);
  }
  EXPECT_NEAR(sum / (runs * static_cast<double>(expected.values.size())), 1, 0.15);
}

TEST(rise, is_the_mean_of_masks_weighed_by_scores) {
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  const auto e = rise(model, image, probability(2), {.masks = 6, .kept = 0.4, .seed = 3});
  methods::detail::random_masks masks(size(conv_net::input_shape), 7, 0.4, 3);
  basic_tensor<double> mean({7, 6, 1}), square = mean, error = mean;
  std::vector<double> mask(42);
  for (int k = 0; k < 6; ++k) {
    masks.draw(k, mask);
    auto masked = image;
    for (std::size_t i = 0; i < masked.values.size(); ++i) masked.values[i] *= mask[i / 2];
    const auto z = predict(model, masked);
    const double p = probability(2).value(std::span<const double>(z.values), 2);
    for (std::size_t i = 0; i < mask.size(); ++i) {
      mean.values[i] += mask[i] * p / 0.4 / 6;
      square.values[i] += std::pow(mask[i] * p / 0.4, 2) / 6;
    }
  }
  for (std::size_t i = 0; i < mask.size(); ++i)
    error.values[i] = std::sqrt((square.values[i] - mean.values[i] * mean.values[i]) / 5);
  expect_near(e.map, mean, 1e-12);
  expect_near(e.standard_error, error, 1e-9);
  EXPECT_EQ(e.samples, std::vector{6});
}

/// One cell: every mask is all or nothing.
TEST(rise, of_one_cell_shows_the_whole_image_or_nothing) {
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  const auto e = rise(model, image, logit(1), {.masks = 50, .cells = 1});
  const double shown = std::round(e.map.values[0] * 0.5 * 50 / e.values[0]);
  EXPECT_TRUE(shown > 10 && shown < 40) << shown;
  for (std::size_t i = 0; i < e.map.values.size(); ++i) {
    EXPECT_NEAR(e.map.values[i], e.values[0] * shown / 25, 1e-12);
    EXPECT_NEAR(e.standard_error.values[i],
                std::abs(2 * e.values[0]) * std::sqrt(shown / 50 * (1 - shown / 50) / 49), 1e-12);
  }
  const auto all = rise(model, image, logit(1), {.masks = 5, .kept = 1});
  for (const double v : all.map.values) EXPECT_DOUBLE_EQ(v, all.values[0]);
  EXPECT_TRUE(std::ranges::all_of(all.standard_error.values, [](double v) { return v < 1e-15; }));
}

TEST(rise, draws_masks_between_zero_and_one_of_the_given_mean) {
  for (const auto& [image, cells, p] :
       {std::tuple(size(28, 28), 7, 0.5), std::tuple(size(5, 30), 7, 0.3), std::tuple(size(9, 8), 2, 0.9)}) {
    methods::detail::random_masks masks(image, cells, p, 5);
    std::vector<double> mask(static_cast<std::size_t>(image.height * image.width)), sum(mask.size());
    bool between = false;
    for (int k = 0; k < 2000; ++k) {
      masks.draw(k, mask);
      for (std::size_t i = 0; i < mask.size(); ++i) {
        ASSERT_TRUE(mask[i] >= 0 && mask[i] <= 1);
        between |= mask[i] > 0 && mask[i] < 1;
        sum[i] += mask[i] / 2000;
      }
    }
    EXPECT_TRUE(between);
    for (const double mean : sum) EXPECT_NEAR(mean, p, 4.5 * std::sqrt(p * (1 - p) / 2000));
  }
}

TEST(rise, shifts_masks_by_every_offset_below_a_cell) {
  // Of a single column of pixels in two cells of 4 rows, enlarged to 12 rows: where a mask is 0.5 tells its
  // offset.
  methods::detail::random_masks masks({8, 1}, 2, 0.5, 1);
  std::vector<double> mask(8);
  std::vector<int> seen(4);
  for (int k = 0; k < 400; ++k) {
    masks.draw(k, mask);
    if (mask[0] == mask[7]) continue;
    // Rows 5.5 and 6.5 of the twelve are 5/12 and 7/12 of the way from cell to cell: the middle is between.
    const auto middle =
        std::ranges::adjacent_find(mask, [](double a, double b) { return (a < 0.5) != (b < 0.5); });
    const int offset = 5 - static_cast<int>(middle - mask.begin());
    ASSERT_TRUE(offset >= 0 && offset < 4) << offset;
    ++seen[static_cast<std::size_t>(offset)];
  }
  for (const int count : seen) EXPECT_GT(count, 20);
}

TEST(rise, is_the_same_for_every_budget_and_number_of_threads) {
  const auto images = random_images(pooling_net::input_shape, 2);
  const auto of = [&](const auto& on, long budget) {
    return rise(random_model<pooling_net>(on), images, logit(1), {.masks = 40, .budget = budget});
  };
  const auto expected = of(device, 16L << 20);
  constexpr long each = pooling_net::plan<pass::forward, float>.bytes;
  for (const long budget : {1L, 2 * each, 7 * each + 1}) {
    SCOPED_TRACE(budget);
    const auto e = of(device, budget), by_pool = of(cpu_pool(3), budget);
    EXPECT_EQ(e.map.values, expected.map.values);
    EXPECT_EQ(e.standard_error.values, expected.standard_error.values);
    EXPECT_EQ(by_pool.map.values, expected.map.values);
  }
}

TEST(rise, changes_with_the_seed_and_the_options) {
  const auto model = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  const auto of = [&](const methods::rise& options) {
    return rise(model, image, logit(1), options).map.values;
  };
  EXPECT_EQ(of({.masks = 9}), of({.masks = 9, .cells = 7, .kept = 0.5, .seed = 0}));
  EXPECT_NE(of({.masks = 9}), of({.masks = 9, .seed = 1}));
  EXPECT_NE(of({.masks = 9}), of({.masks = 9, .seed = std::uint64_t{1} << 32}));
  EXPECT_NE(of({.masks = 9}), of({.masks = 9, .cells = 6}));
  EXPECT_NE(of({.masks = 9}), of({.masks = 9, .kept = 0.6}));
  EXPECT_NE(of({.masks = 9}), of({.masks = 10}));
}

TEST(rise, explains_the_probability_unless_told_otherwise) {
  const auto model = random_model<conv_net>(device);
  const auto image = random_images(conv_net::input_shape);
  const auto e = rise(model, image, {}, {.masks = 20});
  EXPECT_EQ(e.map.values, rise(model, image, probability(e.classes), {.masks = 20}).map.values);
  EXPECT_NE(e.map.values, rise(model, image, logit(e.classes), {.masks = 20}).map.values);
  EXPECT_EQ(e.classes, predicted_classes(e.scores));
}

TEST(rise, refuses_wrong_options) {
  const auto model = random_model<linear_net>(device);
  const auto image = random_images<float>(linear_net::input_shape);
  const auto of = [&](const methods::rise& options) {
    return message_of([&] { rise(model, image, logit(1), options); });
  };
  const std::string range =
      "rise: masks must be between 2, of which there is a standard error, and 1000000, got ";
  EXPECT_EQ(of({.masks = 1}), range + "1");
  EXPECT_EQ(of({.masks = 1'000'001}), range + "1000001");
  EXPECT_EQ(of({.cells = 0}), "rise: cells must be between 1 and 1000, got 0");
  EXPECT_EQ(of({.cells = 1001}), "rise: cells must be between 1 and 1000, got 1001");
  const std::string share =
      "rise: kept is the share of cells that show the image, which must be above 0 and at most 1, got ";
  EXPECT_EQ(of({.kept = 0}), share + "0");
  EXPECT_EQ(of({.kept = 1.5}), share + "1.5");
  EXPECT_EQ(of({.kept = std::nan("")}), share + "nan");
  EXPECT_EQ(of({.budget = 0}), "rise: the budget must be at least 1 byte, got 0");
  EXPECT_EQ(of({.masks = 2, .budget = 1}), "nothing thrown") << "one mask runs in any case";
}

TEST(rise, refuses_what_is_not_finite) {
  using plain = network<input<1, 2>, flatten, dense<1>, dense<1>>;
  const auto of = [](float first, float second, float last) {
    const model<plain> m(device, {{"1.weight", {1, 2}, {first, second}},
                                  {"1.bias", {1}, {0}},
                                  {"2.weight", {1, 1}, {last}},
                                  {"2.bias", {1}, {0}}});
    return message_of([&] { rise(m, tensor(plain::input_shape, 1, 1.0F), logit(0), {.masks = 20}); });
  };
  EXPECT_EQ(of(1, 1, 1), "nothing thrown");
  EXPECT_EQ(
      of(3e38F, -3e38F, 10),
      "the class scores at an image under a random mask are not finite: the values there, or the network's "
      "weights, are too large; images hold pixels from 0 to 1");
  EXPECT_EQ(of(1.5e38F, 1.5e38F, 1),
            "the map is not finite: float overflows at such weights or pixels; use a model<network, cpu, "
            "double>");
}

}  // namespace
}  // namespace salient
