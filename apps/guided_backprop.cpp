// SPDX-License-Identifier: MIT

// Backpropagation that passes only positive gradients at every ReLU.

#include "common/demo.hpp"

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "guided-backprop",
      .title = "Guided Backpropagation",
      .summary =
          "gradients through ReLUs that pass only positive signals (Springenberg et al., arXiv:1412.6806)",
      .needs = "a ReLU",
  });
  demo.parse(argc, argv);

  return demo.run<salient::methods::guided_backprop>(
      [](const auto& model, const auto& images, const auto& target) {
        return salient::guided_backprop(model, images, target);
      });
}
