// SPDX-License-Identifier: MIT

// Projects a class score, or feature maps, back to the pixels that excited them, by a transposed network.

#include "common/demo.hpp"

namespace {

/// From a layer whose feature maps demo::check_layers knows.
struct from_layer : salient::methods::deconvolution<> {
  template <class Network>
  void validate(long) const {}
  template <class Query>
  auto at(const Query& q, int activation) const {
    return starting_at(q, activation);
  }
};

}  // namespace

int main(int argc, char** argv) {
  apps::demo demo({
      .name = "deconvolution",
      .title = "Deconvolution",
      .summary =
          "what excited a score or a feature map, by a transposed network (Zeiler & Fergus, arXiv:1311.2901)",
      .needs =
          "a convolution and a ReLU; use --network cnn, deep_cnn or pooled_cnn, or salient-guided-backprop",
  });

  std::string start = "score";
  std::optional<int> map;
  bool strongest = false;
  demo.option("--start score|LAYER",
              "Start from the target's score, or from the activations of the layer with this module path",
              start);
  demo.option("--map K", "Only from this feature map of the layer", map, apps::at_least(0));
  demo.flag("--strongest", "Only from the most active unit of that map", strongest);
  demo.parse(argc, argv);

  if (start == "score") {
    demo.refuse({"--map", "--strongest"}, "needs a layer to start from: --start LAYER");
    return demo.run<salient::methods::deconvolution<>>(
        [](const auto& model, const auto& images, const auto& target) {
          return salient::deconvolution(model, images, target);
        });
  }

  if (!map) demo.refuse({"--strongest"}, "needs a feature map: --map K");
  demo.without_target("has no meaning for --start LAYER, which starts from activations and not from a class");
  demo.check_layers([&](const apps::layer_list& layers) {
    const int maps = demo.layer_named(layers, "--start", start).output.channels;
    if (map && *map >= maps)
      demo.wrong_usage("--map must be 0 to " + std::to_string(maps - 1) + " for this layer, got " +
                       std::to_string(*map));
  });
  demo.figure("feature maps", map ? "only " + std::to_string(*map) : "all");
  if (strongest) demo.figure("units", "only the strongest");
  return demo.run<salient::methods::deconvolution<>>(
      [&](const auto& model, const auto& images, const auto& target) {
        return demo.at_layer(model, images, target, start,
                             from_layer{{.map = map.value_or(-1), .strongest = strongest}});
      });
}
