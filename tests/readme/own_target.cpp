// SPDX-License-Identifier: MIT

// What README.md shows. CTest runs it in the repository's root.
// clang-format off
#include <cmath>
#include <numeric>

#include <salient/salient.hpp>

using namespace salient;
using digit_cnn = network<input<28, 28, 1>,
    conv2d<16, 3>, relu,
    named<"features", conv2d<32, 3>>, relu,
    flatten, dense<10>>;

// [snippet]
struct margin {                          // why class a rather than class b: z_a - z_b
  std::size_t a, b;
  static constexpr bool linear = true;   // in the scores z, so that exact{} can explain it

  template <class T>
  T value(std::span<const T> z) const { return z[a] - z[b]; }

  template <class T>
  void derivative(std::span<const T>, std::span<T> dz) const { dz[a] = 1, dz[b] = -1; }  // dz holds zeros before
};
// [/snippet]

int main() {
  const cpu_pool device;
  const auto model = load<digit_cnn>("apps/weights/cnn.safetensors", device);
  const tensor image = read_image("tests/readme/seven.png", digit_cnn::input_shape);
  const auto ig = integrated_gradients(model, image, margin{7, 1}, {.steps = 200});
  const float sum = std::accumulate(ig.map.values.begin(), ig.map.values.end(), 0.0f);
  const tensor z = predict(model, image), at_black = predict(model, tensor(digit_cnn::input_shape));
  const float change = (z.values[7] - z.values[1]) - (at_black.values[7] - at_black.values[1]);
  return std::abs(sum - change) < 0.05f * std::abs(change) ? 0 : 1;
}
