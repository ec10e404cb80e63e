// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/conv2d.hpp"

#include <gtest/gtest.h>

#include "laws/naive.hpp"

namespace salient {
namespace {

using laws::sliding_laws;

// Layer, input, output, {kernel, strides, padding on top and left}.

TEST_ON_EVERY_DEVICE(conv2d, valid) {
  sliding_laws<conv2d<4, 3>>({9, 7, 3}, {7, 5, 4}, {3, 3, 1, 1, 0, 0});
  sliding_laws<conv2d<1, 5>>({5, 5, 1}, {1, 1, 1}, {5, 5, 1, 1, 0, 0});
  sliding_laws<conv2d<3, size{3, 5}>>({6, 11, 2}, {4, 7, 3}, {3, 5, 1, 1, 0, 0});
  sliding_laws<conv2d<2, size{4, 1}>>({9, 4, 5}, {6, 4, 2}, {4, 1, 1, 1, 0, 0});
}

TEST_ON_EVERY_DEVICE(conv2d, strided) {
  sliding_laws<conv2d<4, 3, with{.stride = 2}>>({9, 8, 3}, {4, 3, 4}, {3, 3, 2, 2, 0, 0});
  sliding_laws<conv2d<2, 2, with{.stride = 3}>>({9, 11, 4}, {3, 4, 2}, {2, 2, 3, 3, 0, 0});
  sliding_laws<conv2d<3, size{2, 4}, with{.stride = size{3, 1}}>>({8, 9, 1}, {3, 6, 3}, {2, 4, 3, 1, 0, 0});
}

TEST_ON_EVERY_DEVICE(conv2d, same) {
  sliding_laws<conv2d<4, 3, with{.padding = padding::same}>>({6, 9, 2}, {6, 9, 4}, {3, 3, 1, 1, 1, 1});
  sliding_laws<conv2d<2, 4, with{.padding = padding::same}>>({5, 5, 3}, {5, 5, 2}, {4, 4, 1, 1, 1, 1});
  sliding_laws<conv2d<3, 3, with{.stride = 2, .padding = padding::same}>>({7, 8, 1}, {4, 4, 3},
                                                                          {3, 3, 2, 2, 1, 0});
  sliding_laws<conv2d<2, size{5, 2}, with{.stride = size{2, 3}, .padding = padding::same}>>(
      {8, 9, 2}, {4, 3, 2}, {5, 2, 2, 3, 1, 0});
  sliding_laws<conv2d<2, 7, with{.padding = padding::same}>>({3, 2, 2}, {3, 2, 2}, {7, 7, 1, 1, 3, 3});
}

TEST_ON_EVERY_DEVICE(conv2d, padded) {
  sliding_laws<conv2d<4, 3, with{.padding = 2}>>({4, 6, 3}, {6, 8, 4}, {3, 3, 1, 1, 2, 2});
  sliding_laws<conv2d<2, size{3, 5}, with{.stride = 2, .padding = padding{0, 3}}>>({7, 6, 2}, {3, 4, 2},
                                                                                   {3, 5, 2, 2, 0, 3});
  sliding_laws<conv2d<3, size{5, 3}, with{.stride = size{1, 2}, .padding = padding{4, 1}}>>(
      {3, 9, 5}, {7, 5, 3}, {5, 3, 1, 2, 4, 1});
}

TEST_ON_EVERY_DEVICE(conv2d, one_by_one) {
  sliding_laws<conv2d<5, 1>>({4, 3, 3}, {4, 3, 5}, {1, 1, 1, 1, 0, 0});
  sliding_laws<conv2d<2, 1, with{.stride = 2}>>({5, 4, 4}, {3, 2, 2}, {1, 1, 2, 2, 0, 0});
}

TEST_ON_EVERY_DEVICE(conv2d, without_bias) {
  sliding_laws<conv2d<4, 3, with{.bias = false}>>({5, 6, 2}, {3, 4, 4}, {3, 3, 1, 1, 0, 0});
  sliding_laws<conv2d<3, 1, with{.bias = false}>>({3, 4, 5}, {3, 4, 3}, {1, 1, 1, 1, 0, 0});
}

TEST_ON_EVERY_DEVICE(conv2d, in_several_chunks_of_patches) {
  constexpr shape in{50, 64, 32}, out{50, 64, 8};
  constexpr window w{3, 3, 1, 1, 1, 1};
  // Some chunks end within an image, and some span two.
  constexpr long rows = kernel::patch_rows(conv2d<8, 3, with{.padding = padding::same}>::problem(in), out, 3);
  static_assert(rows < 50 && 50 % rows != 0);
  sliding_laws<conv2d<8, 3, with{.padding = padding::same}>>(in, out, w, 3);
  sliding_laws<conv2d<6, 5, with{.stride = 2, .padding = 3}>>({41, 70, 60}, {22, 36, 6}, {5, 5, 2, 2, 3, 3},
                                                              2);
  sliding_laws<conv2d<3, 2, with{.stride = 3}>>({600, 30, 40}, {200, 10, 3}, {2, 2, 3, 3, 0, 0}, 2);
}

TEST_ON_EVERY_DEVICE(conv2d, of_one_row_a_chunk) {
  constexpr shape in{3, 120, 256}, out{3, 120, 2};
  static_assert(kernel::patch_rows(conv2d<2, 3, with{.padding = padding::same}>::problem(in), out, 1) == 1);
  sliding_laws<conv2d<2, 3, with{.padding = padding::same}>>(in, out, {3, 3, 1, 1, 1, 1}, 2);
}

constexpr window dilated(window w, int y, int x) {
  w.dilation_y = y;
  w.dilation_x = x;
  return w;
}

TEST_ON_EVERY_DEVICE(conv2d, dilated) {
  sliding_laws<conv2d<4, 3, with{.dilation = 2}>>({9, 7, 3}, {5, 3, 4}, dilated({3, 3, 1, 1, 0, 0}, 2, 2));
  sliding_laws<conv2d<3, size{2, 3}, with{.stride = 2, .padding = padding{1, 3}, .dilation = size{3, 2}}>>(
      {8, 7, 2}, {4, 5, 3}, dilated({2, 3, 2, 2, 1, 3}, 3, 2));
}

TEST_ON_EVERY_DEVICE(conv2d, padded_unevenly) {
  sliding_laws<conv2d<4, 3, with{.padding = padding{0, 0, 1, 1}}>>({6, 5, 2}, {5, 4, 4}, {3, 3, 1, 1, 0, 0});
  sliding_laws<conv2d<2, 3, with{.stride = 2, .padding = padding{2, 0, 0, 1}}>>({7, 8, 3}, {4, 4, 2},
                                                                                {3, 3, 2, 2, 2, 0});
}

TEST_ON_EVERY_DEVICE(conv2d, grouped) {
  sliding_laws<conv2d<6, 3, with{.padding = 1, .groups = 2}>>({5, 6, 4}, {5, 6, 6}, {3, 3, 1, 1, 1, 1});
  sliding_laws<conv2d<8, 1, with{.groups = 4, .bias = false}>>({4, 3, 12}, {4, 3, 8}, {1, 1, 1, 1, 0, 0});
  sliding_laws<conv2d<32, 3, with{.stride = 2, .padding = 1, .groups = 2}>>({7, 6, 32}, {4, 3, 32},
                                                                            {3, 3, 2, 2, 1, 1});
}

TEST_ON_EVERY_DEVICE(conv2d, depthwise) {
  sliding_laws<conv2d<5, 3, with{.padding = 1, .groups = 5}>>({6, 7, 5}, {6, 7, 5}, {3, 3, 1, 1, 1, 1});
  sliding_laws<conv2d<20, 5, with{.stride = 2, .padding = 2, .groups = 20, .bias = false}>>(
      {9, 8, 20}, {5, 4, 20}, {5, 5, 2, 2, 2, 2});
  sliding_laws<conv2d<6, 3, with{.groups = 3}>>({5, 4, 3}, {3, 2, 6}, {3, 3, 1, 1, 0, 0});
  sliding_laws<conv2d<4, 3, with{.padding = 2, .dilation = 2, .groups = 4}>>(
      {6, 5, 4}, {6, 5, 4}, dilated({3, 3, 1, 1, 2, 2}, 2, 2));
}

TEST(conv2d, accepts_any_shape_and_refuses_small_ones) {
  static_assert(!conv2d<1, 3>::accepts({2, 9, 1}) && !conv2d<1, 3>::accepts({9, 2, 1}));
  static_assert(!conv2d<1, 3>::accepts({0, 0, 0}) && !conv2d<1, 3>::accepts({9, 9, 0}));
  static_assert(!conv2d<1, 3, with{.padding = padding::same}>::accepts({0, 9, 1}) &&
                conv2d<1, 3, with{.padding = padding::same}>::accepts({1, 1, 1}));
  static_assert(conv2d<1, 3, with{.padding = 1}>::accepts({1, 1, 1}) &&
                !conv2d<1, 4, with{.padding = 1}>::accepts({1, 9, 1}));
}

}  // namespace
}  // namespace salient
