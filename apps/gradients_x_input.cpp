// SPDX-License-Identifier: MIT

// The gradient times the image: each pixel's contribution to the score if the network were linear.

#include "common/demo.hpp"

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "gradients-x-input",
      .title = "Gradients x Input",
      .summary = "the derivative of the score times the pixel's value (Shrikumar et al., arXiv:1605.01713)",
      .needs = "a differentiable network",
  });
  demo.parse(argc, argv);

  return demo.run<salient::methods::gradients_x_input>(
      [](const auto& model, const auto& images, const auto& target) {
        return salient::gradients_x_input(model, images, target);
      },
      [&](const auto& result) {
        for (long n = 0; n < result.map.batch; ++n) {
          double sum = 0;
          for (const float v : result.map.image(n)) sum += v;
          demo.figure("sum of the map", apps::number(sum));
        }
      });
}
