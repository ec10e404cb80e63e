// SPDX-License-Identifier: MIT

// The gradient of the class's score with respect to each pixel.

#include "common/demo.hpp"

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "gradients",
      .title = "Gradients",
      .summary = "the derivative of the score with respect to every pixel (Simonyan et al., arXiv:1312.6034)",
      .needs = "a differentiable network",
  });
  demo.parse(argc, argv);

  return demo.run<salient::methods::gradients>([](const auto& model, const auto& images, const auto& target) {
    return salient::gradients(model, images, target);
  });
}
