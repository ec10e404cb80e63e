// SPDX-License-Identifier: MIT
#include "salient/metric/cost.hpp"

#include "laws/method_laws.hpp"
#include "metric/maps.hpp"
#include "salient/method/grad_cam.hpp"
#include "salient/method/gradients.hpp"
#include "salient/method/integrated_gradients.hpp"
#include "salient/method/occlusion.hpp"
#include "salient/method/smooth.hpp"
#include "salient/metric/completeness.hpp"

namespace salient::metrics {
namespace {

using namespace laws;

TEST(cost, counts_forward_and_backward_passes) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto image = random_images<float>(conv_net::input_shape, 1);
  const auto passes = [&](const auto& method) {
    const map_cost c = cost(model, image, method, 1);
    for (const double t : c.milliseconds) EXPECT_GT(t, 0);
    EXPECT_EQ(c.median_milliseconds(), salient::detail::median(c.milliseconds));
    return std::pair(c.forward_passes, c.backward_passes);
  };
  EXPECT_EQ(passes(methods::gradients{}), std::pair(1L, 1L));
  EXPECT_EQ(passes(methods::grad_cam<>{}), std::pair(1L, 1L));
  EXPECT_EQ(passes(methods::integrated_gradients{.steps = 7}), std::pair(7L, 7L));
  EXPECT_EQ(passes(methods::smooth<>{.samples = 9}).second, 9L);
  // Every window, and the image itself.
  const auto [height, width, channels] = conv_net::input_shape;
  EXPECT_EQ(passes(methods::occlusion{.window = size{height, width}, .stride = 1}), std::pair(2L, 0L));
}

TEST(cost, has_the_bytes_of_the_session_and_of_the_method) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto image = random_images<float>(conv_net::input_shape, 1);
  const long alone = cost(model, image, methods::gradients{}, 1).bytes;
  EXPECT_GE(alone, (conv_net::memory<pass_for<conv_net, methods::gradients>>(1)));
  EXPECT_EQ(alone, cost(model, image, methods::gradients{}, 1).bytes);
  // SmoothGrad has a session of its own on top, as large as its budget lets it be.
  const long one = cost(model, image, methods::smooth<>{.samples = 8, .budget = 1}, 1).bytes,
             eight = cost(model, image, methods::smooth<>{.samples = 8}, 1).bytes;
  EXPECT_GT(one, alone);
  EXPECT_GT(eight, one);
}

TEST(completeness_gap, by_hand) {
  basic_tensor<double> maps({1, 2, 1}, 4);
  maps.values = {1, 2, -1, 1, 3, 3, 0, 0};
  const std::vector<double> changes{3, 0, -2, 0};
  EXPECT_EQ(completeness_gap(maps, std::span<const double>(changes)), (values{0.0, 0.0, 4.0, 0.0}));
  EXPECT_EQ(completeness_gap(map_of<float>({1, 2, 1}, {1, 2}), std::span<const double>(changes).first(1)),
            values{0.0});
  const std::vector<double> none{0};
  EXPECT_EQ(completeness_gap(map_of<double>({1, 2, 1}, {1, 2}), std::span<const double>(none)),
            values{std::nullopt});
  EXPECT_THROW(completeness_gap(maps, std::span<const double>(none)), error);
  EXPECT_THROW(completeness_gap(map_of<double>({1, 1, 1}, {std::numeric_limits<double>::infinity()}),
                                std::span<const double>(none)),
               error);
}

/// Gradients x input of a linear network misses nothing from a baseline of zeros, and the part of w b for any
/// other.
TEST(completeness_gap, of_gradients_x_input_of_a_linear_network) {
  using linear = network<input<4, 3, 2>, conv2d<3, 2>, flatten, dense<3>>;
  const cpu device;
  const auto model = random_model<linear, double>(device);
  const auto images = random_images<double>(linear::input_shape, 2);
  const auto map = gradients_x_input(model, images, logit(2)).map;
  for (const auto& gap : completeness_gap(model, images, map, logit(2))) EXPECT_NEAR(*gap, 0, 1e-12);
  const auto w = gradients(model, images.slice(0, 1), logit(2)).map.values;
  double sum = 0, part = 0;
  for (std::size_t i = 0; i < w.size(); ++i) sum += map.values[i], part += 0.5 * w[i];
  const double gap = std::abs(part / (sum - part));
  EXPECT_NEAR(*completeness_gap(model, images, map, logit(2), 0.5)[0], gap, 1e-9 * gap);
}

/// Integrated gradients' own gap is this one.
TEST(completeness_gap, of_integrated_gradients_is_the_one_that_comes_with_the_map) {
  const cpu device;
  const auto model = random_model<conv_net, double>(device);
  const auto images = random_images<double>(conv_net::input_shape, 2);
  const auto ig = integrated_gradients(model, images, logit(1), {.steps = 3});
  const auto found = completeness_gap(model, images, ig.map, logit(1));
  for (std::size_t n = 0; n < 2; ++n) EXPECT_NEAR(*found[n], ig.relative_gap(n), 1e-9);
}

}  // namespace
}  // namespace salient::metrics
