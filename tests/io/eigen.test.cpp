// SPDX-License-Identifier: MIT
#include "salient/io/eigen.hpp"

#include <string>

#include <gtest/gtest.h>

#include "laws/noise.hpp"

namespace salient {
namespace {

template <class T>
basic_tensor<T> some_images() {
  basic_tensor<T> images({3, 4, 2}, 5);
  images.values = laws::noise<T>(5 * 3 * 4 * 2, 1);
  return images;
}

template <class T>
void sees_every_element() {
  basic_tensor<T> images = some_images<T>();
  const auto view = as_eigen(images);
  const auto read_only = as_eigen(std::as_const(images));
  EXPECT_EQ(view.dimension(0), 5);
  for (long n = 0; n < 5; ++n)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 4; ++x)
        for (int c = 0; c < 2; ++c) {
          EXPECT_EQ(&view(n, y, x, c), &images(n, y, x, c));
          EXPECT_EQ(&read_only(n, y, x, c), &images(n, y, x, c));
        }
}

TEST(eigen, a_view_sees_every_element_in_place) {
  sees_every_element<float>();
  sees_every_element<double>();
}

TEST(eigen, a_view_can_be_written) {
  tensor images = some_images<float>();
  const tensor before = images;
  as_eigen(images) = as_eigen(before) * 2.0f;
  for (std::size_t i = 0; i < images.values.size(); ++i) EXPECT_EQ(images.values[i], 2 * before.values[i]);
}

TEST(eigen, there_and_back) {
  const tensor images = some_images<float>();
  const tensor back = from_eigen(as_eigen(images));
  EXPECT_EQ(back.extent, images.extent);
  EXPECT_EQ(back.batch, images.batch);
  EXPECT_EQ(back.values, images.values);

  const Eigen::Tensor<float, 4, Eigen::RowMajor, long> own = as_eigen(images);
  EXPECT_EQ(from_eigen(own).values, images.values);
}

TEST(eigen, of_columns_first_tensors_and_expressions) {
  Eigen::Tensor<double, 4> columns_first(2, 1, 2, 3);  // Eigen's default layout and index type
  for (int n = 0; n < 2; ++n)
    for (int x = 0; x < 2; ++x)
      for (int c = 0; c < 3; ++c) columns_first(n, 0, x, c) = 100 * n + 10 * x + c;
  const auto images = from_eigen(columns_first + 0.5);
  EXPECT_EQ(images.extent, (shape{1, 2, 3}));
  EXPECT_EQ(images.values,
            (std::vector<double>{0.5, 1.5, 2.5, 10.5, 11.5, 12.5, 100.5, 101.5, 102.5, 110.5, 111.5, 112.5}));
}

TEST(eigen, empty_images_are_refused) {
  try {
    from_eigen(Eigen::Tensor<float, 4>(2, 0, 3, 1));
    ADD_FAILURE() << "accepted";
  } catch (const error& e) {
    EXPECT_STREQ(e.what(),
                 "from_eigen: dimension 1 of N x H x W x C is 0; it must be between 1 and 2147483647");
  }
}

}  // namespace
}  // namespace salient
