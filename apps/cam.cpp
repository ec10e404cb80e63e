// SPDX-License-Identifier: MIT

// Class activation mapping: the last feature maps, summed with the classifier's weights for the class.

#include "common/demo.hpp"

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "cam",
      .title = "CAM",
      .summary = "where a class's evidence is, as the classifier weighs its feature maps (Zhou et al., "
                 "arXiv:1512.04150)",
      .needs = "convolutions, and with --weights-from classifier a head of global average pooling and a "
               "dense layer; use --network pooled_cnn, or salient-grad-cam, which needs no such head",
      .network = "pooled_cnn",
      .of_feature_maps = true,
  });

  using salient::cam_weights;
  auto weights = cam_weights::classifier;
  demo.choice("--weights-from",
              "The weights of the feature maps: the classifier's, or each map's mean, which needs "
              "no pooled head, but makes the map the same for every class",
              weights,
              {{"classifier", cam_weights::classifier}, {"activation-mean", cam_weights::activation_mean}});
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
