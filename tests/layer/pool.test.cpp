// SPDX-License-Identifier: MIT
// label: threads
#include "salient/layer/pool.hpp"

#include <gtest/gtest.h>

#include "laws/naive.hpp"

namespace salient {
namespace {

const cpu device;

using laws::layer_laws;
using laws::sliding_laws;
using values = std::vector<float>;

// Layer, input, output, {window, strides, padding on top and left}.

template <template <size, with> class Pool>
void windows() {
  sliding_laws<Pool<2, with{.stride = 2}>>({6, 8, 3}, {3, 4, 3}, {2, 2, 2, 2, 0, 0});
  sliding_laws<Pool<2, with{.stride = 2}>>({7, 5, 1}, {3, 2, 1},
                                           {2, 2, 2, 2, 0, 0});  // skips the last row and column
  sliding_laws<Pool<3, with{.stride = 1}>>({5, 6, 2}, {3, 4, 2}, {3, 3, 1, 1, 0, 0});  // overlapping
  sliding_laws<Pool<3, with{.stride = 2, .padding = 1}>>({7, 6, 4}, {4, 3, 4}, {3, 3, 2, 2, 1, 1});
  sliding_laws<Pool<2, with{.stride = 3}>>({8, 9, 2}, {3, 3, 2}, {2, 2, 3, 3, 0, 0});  // gaps
  sliding_laws<Pool<size{2, 3}, with{.stride = size{1, 2}}>>({4, 7, 5}, {3, 3, 5}, {2, 3, 1, 2, 0, 0});
  sliding_laws<Pool<size{3, 1}, with{.stride = size{3, 1}, .padding = padding{2, 0}}>>({5, 4, 2}, {3, 4, 2},
                                                                                       {3, 1, 3, 1, 2, 0});
  sliding_laws<Pool<3, with{.stride = 2, .padding = padding::same}>>({7, 8, 1}, {4, 4, 1},
                                                                     {3, 3, 2, 2, 1, 0});
  sliding_laws<Pool<1, with{.stride = 1}>>({3, 2, 2}, {3, 2, 2}, {1, 1, 1, 1, 0, 0});
  sliding_laws<Pool<2, with{.stride = 2}>>({120, 110, 8}, {60, 55, 8}, {2, 2, 2, 2, 0, 0});
}

TEST_ON_EVERY_DEVICE(max_pool, windows) { windows<max_pool>(); }
TEST_ON_EVERY_DEVICE(avg_pool, windows) { windows<avg_pool>(); }

TEST_ON_EVERY_DEVICE(global_avg_pool, obeys_the_layer_laws) {
  layer_laws<global_avg_pool>({5, 4, 3}, {1, 1, 3});
  layer_laws<global_avg_pool>({1, 1, 6}, {1, 1, 6}, 3);
  layer_laws<global_avg_pool>({60, 41, 32}, {1, 1, 32});
}

TEST(global_avg_pool, by_hand) {
  laws::single_layer<global_avg_pool, cpu, float> layer(device, {2, 2, 2}, 1);
  EXPECT_EQ(layer.forward({1, 10, 2, 20, 3, 30, 6, 60}), (values{3, 30}));
  EXPECT_EQ(layer.backward(gradient{}, {4, 8}), (values{1, 2, 1, 2, 1, 2, 1, 2}));
}

TEST(avg_pool, counts_padding_as_zeros) {
  laws::single_layer<avg_pool<2, with{.padding = 1}>, cpu, float> layer(device, {2, 2, 1}, 1);
  EXPECT_EQ(layer.forward({4, 8, 12, 16}), (values{1, 2, 3, 4}));
}

template <class Device>
void ties(const Device& device) {
  laws::single_layer<max_pool<2>, Device, float> whole(device, {2, 2, 1}, 1);
  whole.forward({5, 5, 5, 5});
  EXPECT_EQ(whole.backward(gradient{}, {1}), (values{1, 0, 0, 0}));
  whole.forward({1, 5, 5, 2});
  EXPECT_EQ(whole.backward(gradient{}, {1}), (values{0, 1, 0, 0}));
  whole.forward({1, 2, 5, 5});
  EXPECT_EQ(whole.backward(gradient{}, {1}), (values{0, 0, 1, 0}));
  whole.forward({-0.0f, 0.0f, 0.0f, 0.0f});  // equal, although of different signs
  EXPECT_EQ(whole.backward(gradient{}, {1}), (values{1, 0, 0, 0}));
}

TEST_ON_EVERY_DEVICE(max_pool, first_in_row_major_order_wins_a_tie) {
  if (const gpu* card = laws::tested_gpu()) return ties(*card);
  ties(cpu{});
  ties(cpu_pool(2));
}

TEST(max_pool, overlapping_windows_add_up) {
  laws::single_layer<max_pool<2, with{.stride = 1}>, cpu, float> layer(device, {3, 3, 1}, 1);
  EXPECT_EQ(layer.forward({0, 0, 0, 0, 9, 0, 0, 0, 0}), (values{9, 9, 9, 9}));
  EXPECT_EQ(layer.backward(gradient{}, {1, 2, 3, 4}), (values{0, 0, 0, 0, 10, 0, 0, 0, 0}));
}

TEST_ON_EVERY_DEVICE(max_pool, dilated) {
  layer_laws<max_pool<2, with{.stride = 1, .dilation = 2}>>({5, 6, 3}, {3, 4, 3});
  layer_laws<max_pool<3, with{.stride = 2, .padding = 1, .dilation = 2}>>({7, 8, 2}, {3, 3, 2});
}

// With ceil_mode the last window may overhang, but must begin in the input or in the leading padding.
TEST_ON_EVERY_DEVICE(pools, ceil_mode) {
  layer_laws<max_pool<3, with{.stride = 2, .ceil_mode = true}>>({6, 7, 3}, {3, 3, 3});
  layer_laws<max_pool<2, with{.stride = 3, .ceil_mode = true}>>({6, 7, 1}, {2, 3, 1});
  layer_laws<max_pool<3, with{.stride = 2, .padding = 1, .ceil_mode = true}>>({4, 5, 2}, {3, 3, 2});
  layer_laws<avg_pool<3, with{.stride = 2, .ceil_mode = true}>>({6, 7, 3}, {3, 3, 3});
  layer_laws<avg_pool<3, with{.stride = 2, .padding = 1, .ceil_mode = true, .count_include_pad = false}>>(
      {4, 5, 2}, {3, 3, 2});
}

TEST(avg_pool, may_count_what_is_inside_alone) {
  laws::single_layer<avg_pool<2, with{.padding = 1, .count_include_pad = false}>, cpu, float> layer(
      device, {2, 2, 1}, 1);
  EXPECT_EQ(layer.forward({4, 8, 12, 16}), (values{4, 8, 12, 16}));
}

TEST(avg_pool, does_not_count_what_overhangs) {
  // As in PyTorch: the last window has one position in the input and none in the padding.
  laws::single_layer<avg_pool<size{1, 2}, with{.stride = 2, .ceil_mode = true}>, cpu, float> row(
      device, {1, 3, 1}, 1);
  EXPECT_EQ(row.forward({4, 8, 12}), (values{6, 12}));
}

TEST_ON_EVERY_DEVICE(global_max_pool, obeys_the_layer_laws) {
  layer_laws<global_max_pool>({5, 4, 3}, {1, 1, 3});
  layer_laws<global_max_pool>({1, 1, 6}, {1, 1, 6}, 3);
}

TEST_ON_EVERY_DEVICE(adaptive_avg_pool, obeys_the_layer_laws) {
  layer_laws<adaptive_avg_pool<1>>({5, 4, 3}, {1, 1, 3});
  layer_laws<adaptive_avg_pool<size{2, 3}>>({4, 6, 2}, {2, 3, 2});
  layer_laws<adaptive_avg_pool<size{3, 2}>>({7, 5, 4}, {3, 2, 4});
  layer_laws<adaptive_avg_pool<6>>({4, 3, 2}, {6, 6, 2});
}

TEST(adaptive_avg_pool, by_hand) {
  laws::single_layer<adaptive_avg_pool<size{1, 2}>, cpu, float> layer(device, {1, 3, 1}, 1);
  EXPECT_EQ(layer.forward({2, 4, 8}), (values{3, 6})) << "windows share the middle";
}

TEST(max_pool, padding_never_wins) {
  laws::single_layer<max_pool<3, with{.stride = 2, .padding = 1}>, cpu, float> layer(device, {2, 2, 1}, 1);
  EXPECT_EQ(layer.forward({-1, -2, -3, -4}), (values{-1}));
  EXPECT_EQ(layer.backward(gradient{}, {1}), (values{1, 0, 0, 0}));
}

}  // namespace
}  // namespace salient
