// SPDX-License-Identifier: MIT

// What README.md shows. CTest runs it.
// clang-format off
#include <salient/salient.hpp>

using namespace salient;

int main() {
  const cpu device;
  // [snippet]
  using tiny = network<input<2, 2>, flatten, dense<3>>;
  const model<tiny> m(device, {{"1.weight", {3, 4}, {1, 0, 0, 0,  0, 1, 0, 0,  0, 0, 1, 1}},  // as in a state_dict
                               {"1.bias", {3}, {0, 0, 0.5f}}});
  tensor image(tiny::input_shape);                   // 1 x 2 x 2 x 1, zeros
  image.values = {0.1f, 0.9f, 0.3f, 0.7f};           // row by row, the channels of a pixel side by side
  const tensor scores = predict(m, image);           // N x 1 x 1 x classes, before any softmax
  const tensor p = probabilities(scores);            // the same shape
  const auto classes = predicted_classes(scores);    // {2}
  // [/snippet]
  return scores.values == std::vector{0.1f, 0.9f, 1.5f} && p(0, 0, 0, 2) > 0.5f && classes == std::vector{2} ? 0 : 1;
}
