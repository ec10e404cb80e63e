// SPDX-License-Identifier: MIT
#include <cstdio>

#include <salient/salient.hpp>
#include <salient/train/initialise.hpp>

using namespace salient;

using tiny = network<input<8, 8>, conv2d<2, 3>, relu, flatten, dense<2>>;

int main() {
  const cpu device;
  const model<tiny> m(device, random_parameters<tiny>(1));
  const auto found = integrated_gradients(m, tensor(tiny::input_shape, 1, 0.5f));
  std::printf("class %d, gap %.2g\n", found.classes[0], found.gaps[0]);
}
