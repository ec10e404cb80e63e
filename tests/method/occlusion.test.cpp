// SPDX-License-Identifier: MIT
// label: threads
#include "salient/method/occlusion.hpp"

#include <cmath>

#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

const cpu device;  // outlives every model

TEST_ON_EVERY_DEVICE(occlusion, obeys_the_method_laws) {
  method_laws(methods::occlusion{});
  method_laws(methods::occlusion{.window = size{2, 3}, .stride = size{2, 1}, .baseline = 0.25});
}

using linear_net = network<input<5, 6, 2>, flatten, dense<3>>;

/// Of a linear network the score falls by what the covered pixels contributed.
TEST(occlusion, of_single_pixels_is_gradients_x_input_of_a_linear_network) {
  const auto model = random_model<linear_net, double>(device);
  const auto images = random_images<double>(linear_net::input_shape, 2);
  const auto expected = channel_sum(gradients_x_input(model, images, logit(1)).map);
  expect_near(occlusion(model, images, logit(1), {.window = 1, .stride = 1}).map, expected, 1e-12);
}

TEST(occlusion, averages_the_windows_that_cover_a_pixel) {
  const auto model = random_model<linear_net, double>(device);
  const auto image = random_images<double>(linear_net::input_shape);
  const auto single = channel_sum(gradients_x_input(model, image, logit(2)).map);
  // 5 rows by windows of 2 at stride 2: rows 0-1, 2-3 and 4 alone. 6 columns by windows of 4 at 2: 0-3 and
  // 2-5.
  const auto map = occlusion(model, image, logit(2), {.window = size{2, 4}, .stride = size{2, 2}}).map;
  const auto fall = [&](int top, int left) {
    double sum = 0;
    for (int y = top; y < std::min(top + 2, 5); ++y)
      for (int x = left; x < left + 4; ++x) sum += single(0, y, x, 0);
    return sum;
  };
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 6; ++x) {
      const double first = fall(y / 2 * 2, 0), second = fall(y / 2 * 2, 2);
      EXPECT_NEAR(map(0, y, x, 0),
                  x < 2   ? first
                  : x < 4 ? (first + second) / 2
                          : second,
                  1e-12)
          << y << " " << x;
    }
}

TEST(occlusion, covers_by_the_baseline) {
  const auto model = random_model<linear_net, double>(device);
  const basic_tensor<double> image(linear_net::input_shape, 1, 0.25);
  EXPECT_TRUE(all_zero(occlusion(model, image, logit(0), {.baseline = 0.25}).map));
  EXPECT_FALSE(all_zero(occlusion(model, image, logit(0), {.baseline = 0.5}).map));
}

TEST(occlusion, of_the_whole_image_is_the_change_of_the_score) {
  const auto model = random_model<conv_net, double>(device);
  const auto image = random_images<double>(conv_net::input_shape);
  const auto black = predict(model, basic_tensor<double>(conv_net::input_shape));
  const auto e = occlusion(model, image, logit(3), {.window = size(conv_net::input_shape)});
  for (const double v : e.map.values) EXPECT_DOUBLE_EQ(v, e.values[0] - black.values[3]);
}

TEST(occlusion, has_the_same_bits_for_every_budget) {
  const auto model = random_model<pooling_net>(device);
  const auto images = random_images<float>(pooling_net::input_shape, 2);
  const auto one_at_a_time = occlusion(model, images, logit(1), {.budget = 0}).map.values;
  EXPECT_EQ(occlusion(model, images, logit(1)).map.values, one_at_a_time);
  EXPECT_EQ(occlusion(model, images, logit(1), {.budget = 200'000}).map.values, one_at_a_time);
}

TEST(occlusion, chooses_the_window_by_the_size_of_the_image) {
  const auto photo = methods::detail::make_windows({224, 224, 3}, {}, {});
  EXPECT_EQ(photo.window, size(15));
  EXPECT_EQ(photo.stride, size(8));
  EXPECT_EQ(photo.count(), 28L * 28);
  const auto digit = methods::detail::make_windows({28, 28, 1}, {}, {});
  EXPECT_EQ(digit.window, size(4));
  EXPECT_EQ(digit.stride, size(2));
  EXPECT_EQ(digit.count(), 13L * 13);
  EXPECT_EQ(methods::detail::make_windows({3, 100, 1}, {}, {}).window, (size{3, 4}));
}

// Networks of which a window reaches a part: padding at the borders, strides that do not divide the image,
// windows that overhang it, sums, concats that are written in place, gates.

template <int Channels, int Stride>
using residual = sum<sequence<conv2d<Channels, 3, with{.stride = Stride, .padding = 1, .bias = false}>,
                              batch_norm<>, relu, conv2d<Channels, 3, with{.padding = 1}>, batch_norm<>>,
                     sequence<conv2d<Channels, 1, with{.stride = Stride, .bias = false}>, batch_norm<>>>;
using padded_chain =
    network<input<41, 36, 2>, conv2d<5, 3, with{.padding = 1}>, relu, conv2d<6, 3, with{.padding = 1}>, relu,
            max_pool<2>, conv2d<7, 3, with{.padding = 1}>, relu,
            max_pool<3, with{.stride = 2, .ceil_mode = true}>, conv2d<8, 3, with{.padding = 1}>, relu,
            flatten, dense<4>>;
using residual_chain = network<input<45, 38, 3>, conv2d<6, 7, with{.stride = 2, .padding = 3}>, relu,
                               max_pool<3, with{.stride = 2, .padding = 1}>, residual<6, 1>, relu,
                               residual<9, 2>, relu, global_avg_pool, dense<4>>;
using joined_chain = network<
    input<50, 43>, conv2d<16, 3, with{.stride = 2, .padding = padding::same}>, relu6,
    conv2d<16, 3, with{.padding = 1, .groups = 16}>, relu6, conv2d<8, 1>,
    concat<sequence<conv2d<3, 3, with{.padding = 2, .dilation = 2}>, relu>,
           sequence<avg_pool<3, with{.stride = 1, .padding = 1, .count_include_pad = false}>, conv2d<4, 1>>,
           identity>,
    layer_norm<>, pad<border{.top = 1, .right = 2}>, conv2d<6, 4, with{.padding = padding{1, 2, 0, 1}}>,
    pad<border{.left = -1, .right = -1}>, product<identity, sequence<global_avg_pool, conv2d<6, 1>, sigmoid>>,
    conv2d<5, 3>, flatten, dense<3>>;

template <class Network>
auto stages_of(const methods::detail::windows& all) {
  return plan_crops(Network::graph, Network::topology, Network::template plan<pass::forward>, Network::scores,
                    all.along_y(), all.along_x());
}

/// The map by whole passes over images with one window covered.
template <class Model>
tensor by_whole_passes(const Model& model, const tensor& images, const methods::occlusion& options) {
  using Network = typename Model::network;
  const auto all = methods::detail::make_windows(Network::input_shape, options.window, options.stride);
  const tensor whole = predict(model, images);
  tensor expected({Network::input_shape.height, Network::input_shape.width, 1}, 2);
  for (long n = 0; n < 2; ++n) {
    std::vector<double> sums(expected.image(n).size()), covered(sums.size());
    tensor copies(Network::input_shape, all.count());
    for (long k = 0; k < all.count(); ++k) {
      std::ranges::copy(images.image(n), copies.image(k).begin());
      all.for_each_position(k, [&](int y, int x) {
        for (int c = 0; c < Network::input_shape.channels; ++c)
          copies(k, y, x, c) = static_cast<float>(options.baseline);
      });
    }
    const tensor scores = predict(model, copies);
    for (long k = 0; k < all.count(); ++k) {
      const double fall = double{whole(n, 0, 0, 1)} - double{scores(k, 0, 0, 1)};
      all.for_each_position(k, [&](int y, int x) {
        const auto i = static_cast<std::size_t>(y * Network::input_shape.width + x);
        sums[i] += fall, ++covered[i];
      });
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
      expected.image(n)[i] = static_cast<float>(sums[i] / covered[i]);
  }
  return expected;
}

template <class Network, class Device>
void same_bits_as_whole_passes(const Device& on, const methods::occlusion& options) {
  const auto model = random_model<Network>(on);
  const auto images = random_images<float>(Network::input_shape, 2);
  EXPECT_EQ(occlusion(model, images, logit(1), options).map.values,
            by_whole_passes(model, images, options).values);
}

template <class Network>
void recomputes_only_what_a_window_reaches(std::size_t stages) {
  for (const methods::occlusion& options :
       {methods::occlusion{},
        {.window = size{5, 3}, .stride = size{3, 2}, .baseline = 0.25, .budget = 150'000}}) {
    const auto all = methods::detail::make_windows(Network::input_shape, options.window, options.stride);
    const auto planned = stages_of<Network>(all);
    EXPECT_GE(planned.size(), stages);
    const crop_work work = work_of(Network::graph, Network::scores, planned);
    EXPECT_LT(work.cropped, 0.7 * work.whole);
    same_bits_as_whole_passes<Network>(device, options);
  }
  same_bits_as_whole_passes<Network>(cpu_pool(3), {});
}

TEST(occlusion, recomputes_what_a_window_reaches_with_the_bits_of_whole_passes) {
  recomputes_only_what_a_window_reaches<padded_chain>(5);
  recomputes_only_what_a_window_reaches<residual_chain>(2);
  recomputes_only_what_a_window_reaches<joined_chain>(4);
}

// Winograd's algorithm computes tiles of 4x4 outputs together, and they lie elsewhere in a crop.
TEST(occlusion, on_crops_is_that_of_whole_passes_up_to_rounding_by_winograds_algorithm) {
  using wide_chain = network<input<33, 30, 3>, conv2d<48, 3>, relu, conv2d<48, 3, with{.padding = 1}>, relu,
                             conv2d<48, 3, with{.padding = 1}>, relu, max_pool<2>, flatten, dense<3>>;
  const methods::occlusion options{};
  const auto all = methods::detail::make_windows(wide_chain::input_shape, options.window, options.stride);
  ASSERT_FALSE(stages_of<wide_chain>(all).empty());
  same_bits_as_whole_passes<wide_chain>(cpu(implementation::direct), options);

  const auto model = random_model<wide_chain>(device);
  const auto images = random_images<float>(wide_chain::input_shape, 2);
  const tensor got = occlusion(model, images, logit(1), options).map,
               expected = by_whole_passes(model, images, options);
  expect_near(got, expected, 1e-5);
  EXPECT_NE(got.values, expected.values) << "no layer is computed by Winograd's algorithm";
  EXPECT_EQ(occlusion(model, images, logit(1), {.budget = 0}).map.values, got.values);
}

TEST(occlusion, has_no_stages_where_everything_is_reached) {
  EXPECT_TRUE(stages_of<linear_net>(methods::detail::make_windows(linear_net::input_shape, {}, {})).empty());
  using gated = network<input<30, 30>, product<identity, sequence<global_avg_pool, conv2d<1, 1>>>,
                        conv2d<4, 3>, flatten, dense<2>>;
  EXPECT_TRUE(stages_of<gated>(methods::detail::make_windows(gated::input_shape, {}, {})).empty());
  EXPECT_TRUE(
      stages_of<padded_chain>(methods::detail::make_windows(padded_chain::input_shape, size{41, 36}, {}))
          .empty());
}

std::string refusal(const methods::occlusion& options) {
  const auto model = random_model<linear_net>(device);
  try {
    occlusion(model, random_images<float>(linear_net::input_shape), logit(1), options);
  } catch (const error& e) {
    return e.what();
  }
  return "";
}

TEST(occlusion, refuses_wrong_options) {
  EXPECT_EQ(refusal({.window = 6}), "occlusion: the window must be between 1x1 and the image, 5x6, got 6x6");
  EXPECT_EQ(refusal({.window = 0}), "occlusion: the window must be between 1x1 and the image, 5x6, got 0x0");
  EXPECT_EQ(
      refusal({.window = 3, .stride = size{3, 4}}),
      "occlusion: the stride must be between 1x1 and the window, 3x3, beyond which pixels are never covered; "
      "got 3x4");
  EXPECT_EQ(refusal({.stride = 0}).substr(0, 40), "occlusion: the stride must be between 1x");
  EXPECT_EQ(refusal({.baseline = HUGE_VAL}), "occlusion: the baseline must be a finite number");
}

}  // namespace
}  // namespace salient
