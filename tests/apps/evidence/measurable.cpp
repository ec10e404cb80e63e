// SPDX-License-Identifier: MIT
#include "salient/evidence/measurable.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "common/inputs.hpp"
#include "networks.hpp"
#include "paths.hpp"
#include "salient/evidence/open.hpp"

namespace {

namespace evidence = salient::evidence;
using evidence::all_measurable, evidence::measurable, salient::kind_of, salient::tensor;

std::size_t place(const std::string& name) {
  const auto& all = all_measurable();
  const auto found = std::ranges::find_if(all, [&](const measurable& m) { return m.words.name == name; });
  EXPECT_NE(found, all.end()) << name;
  return static_cast<std::size_t>(found - all.begin());
}

TEST(all_measurable, are_the_list_and_smooth_grad_in_other_ways) {
  const auto& all = all_measurable();
  ASSERT_EQ(all.size(), evidence::measurable_count);
  std::set<std::string_view> names, titles;
  for (const measurable& m : all) names.insert(m.words.name), titles.insert(m.words.title);
  EXPECT_EQ(names.size(), all.size());
  EXPECT_EQ(titles.size(), all.size());
  for (std::size_t m = 0; m < salient::methods_count; ++m) {
    EXPECT_EQ(all[m].words.name, salient::all_method_words[m].name);
    EXPECT_EQ(all[m].random,
              m == place("smooth_grad") || m == place("rise") || m == place("expected_gradients"));
  }
  EXPECT_EQ(all[place("var_grad")].words.title, "VarGrad");
  EXPECT_EQ(all[place("smooth_grad_cam")].needs, all[place("grad_cam")].needs);
  EXPECT_TRUE(all[place("smooth_grad_cam")].words.of_layer);
  EXPECT_TRUE(all[place("smooth_integrated_gradients")].random);
}

TEST(seed_of, follows_from_the_run_and_the_image) {
  const std::vector<float> one{0, 0.5F, 1}, other{0, 1, 0.5F};
  EXPECT_EQ(evidence::seed_of(1, one), evidence::seed_of(1, std::vector<float>(one)));
  EXPECT_NE(evidence::seed_of(1, one), evidence::seed_of(1, other));
  EXPECT_NE(evidence::seed_of(1, one), evidence::seed_of(2, one));
}

/// Methods of cnn on test digits.
class asked : public testing::Test {
 protected:
  std::unique_ptr<evidence::subject> open(std::uint64_t seed, tensor baselines = {}) const {
    return evidence::open<salient::digits::cnn>(
        {apps::weights_file("cnn"), salient::digits::cnn::input_preprocessing, {}, {seed, baselines}});
  }
  tensor maps(const std::string& method, const tensor& of, std::uint64_t seed = 1) const {
    return open(seed)->ask(place(method), of, std::vector(static_cast<std::size_t>(of.batch), 3)).maps;
  }

  tensor digits = apps::test_digits({0, 1, 2}).images;
};

TEST_F(asked, images_share_no_random_numbers_and_one_has_the_same_in_any_batch) {
  for (const std::string method : {"smooth_grad", "expected_gradients", "smooth_gradients_x_input"}) {
    const tensor all = maps(method, digits);
    EXPECT_EQ(maps(method, digits.slice(2, 1)).values, all.slice(2, 1).values) << method;
    EXPECT_NE(maps(method, digits, 2).values, all.values) << method;  // the run's seed reaches the method
  }
  EXPECT_EQ(maps("gradients", digits, 2).values, maps("gradients", digits).values);
  // Masks of RISE are the map, where images are all black: they differ by the image alone.
  tensor black(digits.extent, 2);
  black(1, 0, 0, 0) = 1e-6F;
  const tensor drawn = maps("rise", black);
  EXPECT_NE(drawn.slice(0, 1).values, drawn.slice(1, 1).values);
}

TEST_F(asked, largest_moves_are_of_the_image_too) {
  const auto network = open(1);
  const auto all = network->max_sensitivity(place("smooth_grad"), digits, {3, 3, 3}, 5);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_NE(all, open(2)->max_sensitivity(place("smooth_grad"), digits, {3, 3, 3}, 5));
  // The first image has the same noise alone.
  EXPECT_EQ(network->max_sensitivity(place("smooth_grad"), digits.slice(0, 1), {3}, 5)[0], all[0]);
  EXPECT_NEAR(*network->max_sensitivity(place("gradients"), digits, {3, 3, 3}, 5)[2],
              *open(2)->max_sensitivity(place("gradients"), digits, {3, 3, 3}, 5)[2], 1e-12);
}

TEST_F(asked, statistics_are_of_the_same_samples) {
  const tensor mean = maps("smooth_grad", digits), squares = maps("smooth_squared", digits),
               variance = maps("var_grad", digits);
  for (std::size_t i = 0; i < mean.values.size(); ++i)
    EXPECT_NEAR(squares.values[i] - mean.values[i] * mean.values[i], variance.values[i],
                1e-4 * squares.values[i] + 1e-6);
}

TEST_F(asked, smooth_maps_are_of_their_base) {
  // Without pools, deconvolution is one linear map of the class, whatever the image: noise leaves it as it
  // is.
  const tensor smooth = maps("smooth_deconvolution", digits), one = maps("deconvolution", digits);
  for (std::size_t i = 0; i < one.values.size(); ++i)
    EXPECT_NEAR(smooth.values[i], one.values[i], 1e-4 * (1 + std::abs(one.values[i])));
  EXPECT_EQ(maps("smooth_grad_cam", digits).extent, maps("grad_cam", digits).extent);
  EXPECT_FALSE(open(1)->applies(place("smooth_cam")));  // cnn has no pooled head
}

TEST_F(asked, rise_explains_the_probability) {
  const tensor found = maps("rise", digits.slice(0, 1));
  const auto [least, most] = std::ranges::minmax_element(found.values);
  EXPECT_GE(*least, 0);
  EXPECT_LE(*most, 2);  // a mask counts 1 / 0.5 where it shows the pixel
  EXPECT_LT(*least, *most);
}

TEST_F(asked, expected_gradients_start_from_the_baselines) {
  const std::size_t expected = place("expected_gradients");
  // From the image itself there is no way to go.
  const tensor one = digits.slice(0, 1);
  for (const float v : open(1, one)->ask(expected, one, {7}).maps.values) EXPECT_EQ(v, 0);
  // From others, the sum nears the score's distance from its mean there, with a random error.
  const auto found = open(1, digits.slice(1, 2))->ask(expected, one, {7});
  ASSERT_EQ(found.gaps.size(), 1U);
  EXPECT_GT(*found.gaps[0], 1e-4);
  EXPECT_LT(*found.gaps[0], 0.5);
  EXPECT_TRUE(open(1)->ask(expected, one, {7}).gaps.empty());
}

TEST_F(asked, the_parts_of_full_grad_add_up) {
  const auto gaps = open(1)->ask(place("full_grad"), digits, {7, 2, 1}).gaps;
  ASSERT_EQ(gaps.size(), 3U);
  for (const auto& g : gaps) EXPECT_LT(*g, 1e-4);
}

}  // namespace
