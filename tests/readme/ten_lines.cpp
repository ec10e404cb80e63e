// SPDX-License-Identifier: MIT

// What README.md shows. CTest runs it in the repository's root.
// clang-format off

// [snippet]
#include <salient/salient.hpp>
using namespace salient;

using digit_cnn = network<input<28, 28, 1>,
    conv2d<16, 3>, relu,
    named<"features", conv2d<32, 3>>, relu,
    flatten, dense<10>>;

int main() {
  const cpu device;
  const auto model = load<digit_cnn>("apps/weights/cnn.safetensors", device);
  const tensor image = read_image("tests/readme/seven.png", digit_cnn::input_shape);
  const auto ig = integrated_gradients(model, image, logit(7), {.steps = 64});
  write_png("map.png", overlay(show(image), symmetric_percentile(ig.map).map, colour_map::diverging));
}
// [/snippet]
