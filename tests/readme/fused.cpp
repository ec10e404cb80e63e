// SPDX-License-Identifier: MIT

// What README.md shows. CTest runs it in the repository's root.
// clang-format off
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
  using both = methods::fused<methods::layer_cam<1>, methods::layer_cam<"features">>;  // or other methods, other options
  const auto where = fused(model, image, logit(), both{.combine = fusion::maximum,
                                                       .alignment = map_alignment::receptive_field});

  constexpr auto field = receptive_field<digit_cnn>(digit_cnn::find("features"));
  static_assert(field.y.size == 5 && field.y.stride == 1 && field.sees(0, 0, 4, 4) && !field.sees(0, 0, 5, 5));
  // [/snippet]
  return where.map.extent == shape{28, 28, 1} && where.classes[0] == 7 ? 0 : 1;
}
