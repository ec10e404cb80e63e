// SPDX-License-Identifier: MIT
#include "salient/core/tensor.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace salient {
namespace {

static_assert(shape{28, 20, 3}.positions() == 560);
static_assert(shape{28, 20, 3}.elements() == 1680);
static_assert(shape{28, 20, 3}.spatial() && shape{1, 2, 1}.spatial() && !shape{1, 1, 10}.spatial());
static_assert(shape{} == shape{1, 1, 1} && shape{1, 2, 3} != shape{3, 2, 1});
static_assert(shape{1 << 20, 1 << 20, 1}.elements() == 1L << 40, "counted in long");

TEST(tensor, holds_what_it_is_filled_with) {
  const tensor filled({2, 3, 4}, 5, 1.5F);
  EXPECT_EQ(filled.batch, 5);
  EXPECT_EQ(filled.values, std::vector<float>(5 * 2 * 3 * 4, 1.5F));
  EXPECT_EQ(tensor({2, 2, 1}).values, std::vector<float>(4, 0.0F));
  EXPECT_EQ(tensor({2, 2, 1}).batch, 1);
}

TEST(tensor, by_default_holds_nothing) {
  EXPECT_EQ(tensor{}.batch, 0);
  EXPECT_TRUE(tensor{}.values.empty());
}

TEST(tensor, is_row_major_with_channels_last) {
  tensor t({3, 4, 2}, 2);
  std::iota(t.values.begin(), t.values.end(), 0.0F);
  float expected = 0;
  for (long n = 0; n < 2; ++n)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 4; ++x)
        for (int c = 0; c < 2; ++c) EXPECT_EQ(t(n, y, x, c), expected++);
}

TEST(tensor, is_written_where_it_is_read) {
  basic_tensor<double> t({2, 3, 2}, 2);
  t(1, 0, 2, 1) = 7;
  EXPECT_EQ(t.values[12 + 5], 7);
  EXPECT_EQ(std::accumulate(t.values.begin(), t.values.end(), 0.0), 7);
}

TEST(tensor, an_image_is_a_view_of_its_part_of_the_batch) {
  tensor t({2, 2, 3}, 3);
  t.image(1)[5] = 4;
  EXPECT_EQ(t(1, 0, 1, 2), 4);
  EXPECT_EQ(t.image(1).size(), 12U);
  const tensor& view = t;
  EXPECT_EQ(view.image(2).data(), t.values.data() + 24);
}

TEST(tensor, a_slice_is_a_copy_of_some_images) {
  tensor t({2, 1, 3}, 4);
  std::iota(t.values.begin(), t.values.end(), 0.0F);
  const tensor middle = t.slice(1, 2);
  EXPECT_TRUE(middle.batch == 2 && middle.extent == t.extent);
  EXPECT_EQ(middle.values, (std::vector<float>{6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}));
  EXPECT_EQ(t.slice(3, 1).values.front(), 18);
  EXPECT_TRUE(t.slice(4, 0).values.empty());
}

// Lossless conversions are implicit, others explicit.
static_assert(std::is_convertible_v<tensor, basic_tensor<double>>);
static_assert(!std::is_convertible_v<basic_tensor<double>, tensor>);

TEST(tensor, converts_between_float_and_double) {
  basic_tensor<double> wide({1, 2, 1}, 2);
  wide.values = {0.1, 1e300, -2, 0.5};
  const tensor narrow(wide);
  EXPECT_TRUE(narrow.batch == 2 && narrow.extent == wide.extent);
  EXPECT_EQ(narrow.values[0], 0.1F);
  EXPECT_EQ(narrow.values[2], -2);
  const basic_tensor<double> again = narrow;
  EXPECT_EQ(again.values[0], static_cast<double>(0.1F));
  EXPECT_TRUE(again.batch == 2 && again.extent == wide.extent);
}

}  // namespace
}  // namespace salient
