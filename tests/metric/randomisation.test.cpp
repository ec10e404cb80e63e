// SPDX-License-Identifier: MIT
#include "salient/metric/randomisation.hpp"

#include "laws/method_laws.hpp"
#include "metric/maps.hpp"
#include "salient/method/eigen_cam.hpp"
#include "salient/method/gradients.hpp"
#include "salient/metric/correlation.hpp"
#include "salient/metric/dependence.hpp"
#include "salient/train/initialise.hpp"

namespace salient::metrics {
namespace {

using namespace laws;

using linear = network<input<4, 3, 2>, conv2d<3, 2>, flatten, dense<3>>;
using small = network<input<12, 13, 1>, conv2d<3, 3>, relu, conv2d<4, 3>, relu, flatten, dense<3>>;

TEST(class_sensitivity, of_a_linear_network_is_the_correlation_of_its_weights) {
  const cpu device;
  const auto model = random_model<linear, double>(device);
  const auto images = random_images<double>(linear::input_shape, 3);
  const auto scores = predict(model, images);
  const auto found = class_sensitivity(model, images, methods::gradients{});
  const auto best = detail::two_best(scores);
  for (long n = 0; n < 3; ++n) {
    const auto k = static_cast<std::size_t>(n);
    for (int c = 0; c < 3; ++c) {
      if (c == best.first[k]) continue;
      EXPECT_GE(scores(n, 0, 0, best.first[k]), scores(n, 0, 0, c));
      EXPECT_GE(scores(n, 0, 0, best.second[k]), scores(n, 0, 0, c));
    }
    const auto one = gradients(model, images.slice(n, 1), logit(best.first[k])).map.values,
               other = gradients(model, images.slice(n, 1), logit(best.second[k])).map.values;
    EXPECT_EQ(found[k], pearson(std::span<const double>(one), std::span<const double>(other)));
  }
}

/// A map that the score does not enter is the same for every class and every image that has the same maps.
TEST(class_sensitivity, is_1_where_the_class_does_not_matter) {
  const cpu device;
  const auto model = random_model<conv_net>(device);
  const auto images = random_images<float>(conv_net::input_shape, 3);
  for (const auto& v : class_sensitivity(model, images, methods::eigen_cam<>{})) EXPECT_NEAR(*v, 1, 1e-6);
  for (const auto& v : image_sensitivity(model, images, methods::eigen_cam<>{})) EXPECT_LT(*v, 0.999);
}

TEST(image_sensitivity, is_1_where_the_image_does_not_matter) {
  const cpu device;
  const auto model = random_model<linear, double>(device);
  const auto images = random_images<double>(linear::input_shape, 3);
  for (const auto& v : image_sensitivity(model, images, methods::gradients{})) EXPECT_NEAR(*v, 1, 1e-12);
}

/// The partner of an image is the next one, and the class is the image's.
TEST(image_sensitivity, compares_with_the_next_image) {
  const cpu device;
  const auto model = random_model<small>(device);
  const auto images = random_images<float>(small::input_shape, 3);
  const auto classes = predicted_classes(predict(model, images));
  const auto found = image_sensitivity(model, images, methods::gradients_x_input{});
  for (long n = 0; n < 3; ++n) {
    const logit about(classes[static_cast<std::size_t>(n)]);
    const auto one = gradients_x_input(model, images.slice(n, 1), about).map,
               next = gradients_x_input(model, images.slice((n + 1) % 3, 1), about).map;
    EXPECT_EQ(found[static_cast<std::size_t>(n)], pearson(one, next)[0]);
  }
}

TEST(compare_maps, by_hand) {
  const auto up = map_of<double>({1, 4, 1}, {1, 2, 3, 4}),
             swapped = map_of<double>({1, 4, 1}, {-1, 3, 2, -4});
  const likeness found = compare_maps(up, swapped, {1, 4, 1});
  EXPECT_EQ(found.ranks, spearman(up, swapped));
  EXPECT_DOUBLE_EQ(*found.magnitudes[0], 0.8);
  EXPECT_EQ(found.structure, values{std::nullopt});  // smaller than the windows
  auto noisy = noise({12, 13, 1}), large = noisy;
  for (double& v : large.values) v *= 100;
  EXPECT_NEAR(*compare_maps(noisy, large, {12, 13, 1}).structure[0], 1, 1e-12);  // scale does not matter
  for (double& v : large.values) v = -v;
  EXPECT_LT(*compare_maps(noisy, large, {12, 13, 1}).structure[0], 0);  // the sign does
  const basic_tensor<double> constant({12, 13, 1});
  EXPECT_EQ(compare_maps(noisy, constant, {12, 13, 1}), (likeness{{{}}, {{}}, {{}}}));
}

/// Layers are redrawn from the last one down, one after the other, and come back.
TEST(redrawn_layers, replaces_the_last_layers_alone) {
  const cpu device;
  auto model = random_model<small>(device);
  const auto trained = model.to_state_dict();
  const auto random = random_parameters<small>(7);
  {
    redrawn_layers parameters(model, [](std::uint64_t seed) { return random_parameters<small>(seed); });
    ASSERT_EQ(parameters.layers(), 3);
    for (int last = 0; last <= 3; ++last) {
      parameters.redraw(last, 7);
      const auto now = model.to_state_dict();
      ASSERT_EQ(now.size(), 6u);
      for (std::size_t t = 0; t < 6; ++t)
        EXPECT_EQ(now[t].values, (static_cast<int>(t / 2) >= 3 - last ? random : trained)[t].values)
            << last << " " << t;
    }
    EXPECT_NE(random[0].values, trained[0].values);
  }
  for (std::size_t t = 0; t < 6; ++t) EXPECT_EQ(model.to_state_dict()[t].values, trained[t].values);
}

/// Random parameters that are the trained ones change nothing, whatever the layers and the sets.
TEST(cascading_randomisation, of_the_trained_parameters_is_1) {
  const cpu device;
  auto model = random_model<small>(device);
  const auto images = random_images<float>(small::input_shape, 3);
  const auto same = cascading_randomisation(
      model, images, methods::gradients{}, [&](std::uint64_t) { return model.to_state_dict(); }, {.sets = 2});
  ASSERT_EQ(same.size(), 3u);
  for (const likeness& l : same)
    for (const values* v : {&l.ranks, &l.magnitudes, &l.structure})
      for (const auto& one : *v) EXPECT_NEAR(*one, 1, 1e-12);
}

/// Element k - 1 is the map of the model whose last k layers are those of the image's set.
TEST(cascading_randomisation, compares_with_the_model_of_each_step) {
  const cpu device;
  auto model = random_model<small>(device);
  const auto images = random_images<float>(small::input_shape, 3);
  const auto classes = predicted_classes(predict(model, images));
  const auto found = cascading_randomisation(
      model, images, methods::gradients{}, [](std::uint64_t seed) { return random_parameters<small>(seed); },
      {.sets = 2, .seed = 5});
  for (int last = 1; last <= 3; ++last)
    for (long n = 0; n < 3; ++n) {
      auto tensors = model.to_state_dict();
      const auto random = random_parameters<small>(5 + static_cast<std::uint64_t>(n % 2));
      for (std::size_t t = 6 - 2 * static_cast<std::size_t>(last); t < 6; ++t) tensors[t] = random[t];
      const salient::model<small> redrawn(device, tensors);
      const logit about(classes[static_cast<std::size_t>(n)]);
      const auto one = compare_maps(gradients(model, images.slice(n, 1), about).map,
                                    gradients(redrawn, images.slice(n, 1), about).map, small::input_shape);
      const auto k = static_cast<std::size_t>(n);
      const likeness& step = found[static_cast<std::size_t>(last) - 1];
      EXPECT_EQ(step.ranks[k], one.ranks[0]);
      EXPECT_EQ(step.magnitudes[k], one.magnitudes[0]);
      EXPECT_EQ(step.structure[k], one.structure[0]);
    }
}

}  // namespace
}  // namespace salient::metrics
