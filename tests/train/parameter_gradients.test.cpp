// SPDX-License-Identifier: MIT
// label: threads
#include "laws/central_differences.hpp"
#include "laws/method_laws.hpp"

namespace salient {
namespace {

using namespace laws;

TEST(parameter_gradients, are_central_differences_on_every_network) {
  const cpu one;
  const cpu_pool pool(3);
  for_each_network([&]<class Network>() {
    parameters_differentiate<Network>(one);
    parameters_differentiate<Network>(pool);
  });
}

TEST(parameter_gradients, are_central_differences_for_strides_paddings_and_no_bias) {
  const cpu device;
  parameters_differentiate<
      network<input<7, 8, 2>,
              conv2d<3, size{3, 2}, with{.stride = size{2, 3}, .padding = padding::same, .bias = false}>,
              relu, conv2d<4, 1>, avg_pool<2, with{.stride = 1, .padding = 1}>, flatten, dense<3, false>>>(
      device);
  parameters_differentiate<
      network<input<9, 5, 1>, conv2d<2, 5, with{.padding = 2}>, max_pool<3, with{.stride = 2, .padding = 1}>,
              relu, conv2d<3, size{1, 3}, with{.stride = 2, .padding = padding{0, 1}}>, global_avg_pool,
              dense<3>, softmax>>(device);
}

TEST(parameter_gradients, are_central_differences_for_slopes_and_statistics_of_a_batch) {
  const cpu device;
  parameters_differentiate<network<input<5, 4, 2>, conv2d<3, 2>, prelu<>, conv2d<4, 2>, prelu<true>, flatten,
                                   dense<3>, prelu<>, dense<3>>>(device);
  parameters_differentiate<network<
      input<5, 4, 2>, batch_norm<>, conv2d<3, 2, with{.bias = false}>, batch_norm<norm{.epsilon = 0.1}>, gelu,
      conv2d<3, 2>, batch_norm<norm{.affine = false}>, layer_norm<>, scale, flatten, dense<3>>>(device);
}

}  // namespace
}  // namespace salient
