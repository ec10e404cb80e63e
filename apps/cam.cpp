// SPDX-License-Identifier: MIT

// The feature maps under a pooled head, summed with the classifier's own weights.

#include "common/demo.hpp"

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "cam",
      .title = "CAM",
      .summary = "where a class's evidence is, as the classifier weighs its feature maps (Zhou et al., "
                 "arXiv:1512.04150)",
      .needs = "convolutions, and with --weights-from classifier a head of global average pooling and a "
               "dense layer; "
               "use --network pooled_cnn, or salient-grad-cam, which any convolutions will do for",
      .network = "pooled_cnn",
      .of_feature_maps = true,
  });

  using salient::cam_weights;
  auto weights = cam_weights::classifier;
  demo.choice<cam_weights>(
      "--weights-from",
      "What weighs the maps. With activation-mean, the mean of each map: for networks "
      "without a pooled head, but the same for every class",
      weights, {{"classifier", cam_weights::classifier}, {"activation-mean", cam_weights::activation_mean}});
  demo.parse(argc, argv);

  if (weights == cam_weights::classifier)
    return demo.run<salient::methods::cam<>>([](const auto& model, const auto& images, const auto& target) {
      return salient::cam(model, images, target);
    });

  demo.without_target(
      "has no meaning for --weights-from activation-mean: that map is the same for every class");
  demo.figure("weights", "the mean of each feature map: this map is the same for every class");
  return demo.run<salient::methods::cam<cam_weights::activation_mean>>(
      [](const auto& model, const auto& images, const auto& target) {
        return salient::cam<cam_weights::activation_mean>(model, images, target);
      });
}
