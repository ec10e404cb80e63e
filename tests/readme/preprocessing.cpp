// SPDX-License-Identifier: MIT

// What README.md shows. CTest runs it.
// clang-format off
#include <cmath>

#include <salient/salient.hpp>

using namespace salient;

// [snippet]
using photograph = input<224, 224, 3, preprocessing{.mean = {0.485, 0.456, 0.406}, .deviation = {0.229, 0.224, 0.225}}>;
using bytes_in_bgr = input<224, 224, 3, preprocessing{.range = 255, .mean = {104, 117, 123}, .order = channel_order::bgr}>;
using cropped = input<224, 224, 3, preprocessing{.fit = {.resize = 256, .filter = filter::bicubic}}>;  // of 256, the middle
// [/snippet]

template <class Input>
bool sees(std::vector<float> expected) {
  using small = network<Input, max_pool<224>, flatten, dense<3, false>>;
  const cpu device;
  const model<small> m(device, {{"2.weight", {3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1}}});
  tensor image(small::input_shape);
  for (std::size_t i = 0; i < image.values.size(); i += 3) image.values[i] = 1;  // red
  const auto scores = predict(m, image).values;
  for (std::size_t k = 0; k < 3; ++k)
    if (std::abs(scores[k] - expected[k]) > 1e-4f) return false;
  return true;
}

int main() {
  return sees<photograph>({(1 - 0.485f) / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f}) &&
         sees<bytes_in_bgr>({-104, -117, 255 - 123}) ? 0 : 1;
}
