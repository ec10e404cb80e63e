// SPDX-License-Identifier: MIT
#include "evidence/measure.hpp"

#include <gtest/gtest.h>

#include "evidence/shape_figures.hpp"
#include "fake_subject.hpp"

namespace {

namespace evidence = salient::evidence;
using salient::tensor;

/// The score of class 0 is a weighted sum of the input, and other scores are low.
class weighted_sum : public fake_subject {
 public:
  tensor scores(const tensor& images) const override {
    const tensor inputs = salient::preprocess(images_(), images);
    tensor scores({1, 1, 2}, images.batch);
    for (long n = 0; n < images.batch; ++n) {
      scores(n, 0, 0, 1) = -1e6F;
      for (std::size_t i = 0; i < inputs.image(n).size(); ++i)
        scores(n, 0, 0, 0) += static_cast<float>(i % 7) * inputs.image(n)[i];
    }
    return scores;
  }

 private:
  const salient::preprocessing& images_() const { return reads; }
};

/// What prepare() finds that each square adds is the share of the sum that its pixels have.
void adds_what_the_input_has(const salient::preprocessing& reads, salient::shape extent, int side) {
  weighted_sum network;
  network.reads = reads;
  evidence::sample s{"pictures", "", {"a", "b"}, {0, 0}, tensor(extent, 2)};
  for (std::size_t i = 0; i < s.images.values.size(); ++i)
    s.images.values[i] = static_cast<float>(i * 37 % 101) / 101;
  const auto about = evidence::prepare(network, s, 1, [](long, long) {});
  ASSERT_EQ(evidence::cell_grid(extent).side, side);
  const evidence::cell_grid grid(extent);
  const tensor inputs = salient::preprocess(reads, s.images);
  for (long n = 0; n < 2; ++n) {
    std::vector<double> expected(grid.count());
    std::size_t i = 0;
    for (int y = 0; y < extent.height; ++y)
      for (int x = 0; x < extent.width; ++x)
        for (int c = 0; c < extent.channels; ++c, ++i)
          expected[grid.of(y, x)] += static_cast<double>(i % 7) * inputs.image(n)[i];
    const auto& found = about.adds[static_cast<std::size_t>(n)];
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(found[k], expected[k], 0.05) << k;
  }
}

TEST(prepare, removes_pixels_to_what_is_zero_in_the_input) {
  adds_what_the_input_has({}, {6, 9, 1}, 1);
  adds_what_the_input_has({.range = 255, .mean = {100, 120, 30}, .deviation = {60, 50, 70}}, {8, 8, 3}, 1);
  adds_what_the_input_has({.mean = {0.2, 0.5, 0.9}, .order = salient::channel_order::bgr}, {8, 8, 3}, 1);
}

TEST(prepare, removes_squares_of_large_images) {
  adds_what_the_input_has({.mean = {0.5}}, {34, 65, 3}, 3);  // the last row and column of squares are cut off
}

}  // namespace
