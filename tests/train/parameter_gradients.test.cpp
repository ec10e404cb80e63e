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
  parameters_differentiate<network<input<7, 8, 2>, conv2d<3, size{3, 2}, size{2, 3}, same, false>, relu,
                                   conv2d<4, 1>, avg_pool<2, 1, 1>, flatten, dense<3, false>>>(device);
  parameters_differentiate<
      network<input<9, 5, 1>, conv2d<2, 5, 1, 2>, max_pool<3, 2, 1>, relu,
              conv2d<3, size{1, 3}, 2, padding{0, 1}>, global_avg_pool, dense<3>, softmax>>(device);
}

}  // namespace
}  // namespace salient
