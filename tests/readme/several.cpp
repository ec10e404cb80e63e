// SPDX-License-Identifier: MIT

// What README.md shows. CTest runs it in the repository's root.
// clang-format off
#include <cstdio>

#include <salient/salient.hpp>

using namespace salient;
using digit_cnn = network<input<28, 28, 1>,
    conv2d<16, 3>, relu,
    named<"features", conv2d<32, 3>>, relu,
    flatten, dense<10>>;

int main() {
  const cpu_pool device;
  const auto model = load<digit_cnn>("apps/weights/cnn.safetensors", device);
  const tensor image = read_image("tests/readme/seven.png", digit_cnn::input_shape);
  // [snippet]
  const auto [gradient, where, ig] = explain(model, image, logit(),  // of the predicted class
      methods::gradients{},
      methods::grad_cam<"features">{},
      methods::integrated_gradients{.tolerance = 0.01});
  std::printf("class %d: %d gradients for a gap of %.3g\n", ig.classes[0], ig.points[0], ig.gaps[0]);
  // [/snippet]
  return gradient.classes[0] == 7 && where.map.extent == shape{24, 24, 1} ? 0 : 1;
}
