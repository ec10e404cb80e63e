// SPDX-License-Identifier: MIT

// The feature maps of a layer, weighted by the mean gradient of the class's score over each map.

#include "common/demo.hpp"

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "grad-cam",
      .title = "Grad-CAM",
      .summary = "where a class's evidence is, as a layer of feature maps sees it (Selvaraju et al., "
                 "arXiv:1610.02391)",
      .needs = "feature maps; use --network cnn, deep_cnn or pooled_cnn, or salient-gradients",
      .network = "pooled_cnn",
      .of_feature_maps = true,
  });

  std::string layer;
  bool no_relu = false;
  demo.option("--layer LAYER",
              "Module path of the layer (default: the last feature map that every path crosses)", layer);
  demo.flag("--no-relu",
            "Keep negative values, which are evidence against the class; without this a map may be all zero",
            no_relu);
  demo.parse(argc, argv);
  demo.check_layers([&](const apps::layer_list& layers) {
    if (demo.given("--layer")) demo.layer_named(layers, "--layer", layer);
  });
  if (!no_relu) demo.non_negative();

  return demo.run<salient::methods::grad_cam<>>(
      [&](const auto& model, const auto& images, const auto& target) {
        return demo.at_layer(model, images, target, layer, salient::methods::grad_cam<>{.relu = !no_relu});
      });
}
