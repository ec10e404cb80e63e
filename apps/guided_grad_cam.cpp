// SPDX-License-Identifier: MIT

// Guided backpropagation times Grad-CAM.

#include "common/demo.hpp"

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "guided-grad-cam",
      .title = "Guided Grad-CAM",
      .summary =
          "guided backpropagation times Grad-CAM, from one forward pass (Selvaraju et al., arXiv:1610.02391)",
      .needs =
          "feature maps and a ReLU; use --network cnn, deep_cnn or pooled_cnn, or salient-guided-backprop",
      .network = "pooled_cnn",
  });

  using salient::interpolation;
  std::string layer;
  auto how = interpolation::bilinear;
  auto where = salient::map_alignment::stretch;
  bool no_relu = false;
  demo.option("--layer LAYER",
              "Module path of Grad-CAM's layer (default: the last feature map that every path crosses)",
              layer);
  demo.choice("--interpolation", "How Grad-CAM's map is enlarged", how,
              {{"bilinear", interpolation::bilinear}, {"nearest", interpolation::nearest}});
  demo.choice("--alignment", "Where the cells of Grad-CAM's map lie on the image", where,
              {{"stretch", salient::map_alignment::stretch},
               {"receptive-field", salient::map_alignment::receptive_field}});
  demo.flag("--no-relu",
            "Keep negative values, which are evidence against the class; without this a map may be all zero",
            no_relu);
  demo.parse(argc, argv);
  demo.check_layers([&](const apps::layer_list& layers) {
    if (demo.given("--layer")) demo.layer_named(layers, "--layer", layer);
  });

  return demo.run<salient::methods::guided_grad_cam<>>(
      [&](const auto& model, const auto& images, const auto& target) {
        return demo.at_layer(
            model, images, target, layer,
            salient::methods::guided_grad_cam<>{.interpolation = how, .alignment = where, .relu = !no_relu});
      });
}
