// SPDX-License-Identifier: MIT

// The library's side for torchvision's networks. They take the images as they are, so that all programs see
// the same numbers.

#include "ours.hpp"
#include "salient/networks/densenet.hpp"
#include "salient/networks/efficientnet.hpp"
#include "salient/networks/mobilenet_v2.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/networks/vgg.hpp"

namespace salient::peer {

namespace {

template <class Network>
void serve(const peer_arguments& arguments) {
  on_threads(arguments.threads, [&](const auto& device) {
    const auto model = load<Network>(arguments.weights, device, {.images = {}});
    if (arguments.method == "gradients") return serve_maps(model, arguments, methods::gradients{});
    if (arguments.method == "grad_cam") return serve_maps(model, arguments, methods::grad_cam<>{});
    throw error("'" + arguments.method + "' of torchvision's networks is not compared");
  });
}

struct entry {
  std::string_view name;
  void (*serve)(const peer_arguments&);
};

constexpr entry networks_compared[] = {
    {"vgg16", serve<networks::vgg16>},
    {"resnet18", serve<networks::resnet18>},
    {"resnet50", serve<networks::resnet50>},
    {"mobilenet_v2", serve<networks::mobilenet_v2>},
    {"densenet121", serve<networks::densenet121>},
    {"efficientnet_b0", serve<networks::efficientnet_b0>},
};

}  // namespace

bool serve_torchvision(const peer_arguments& arguments) {
  for (const entry& e : networks_compared) {
    if (e.name != arguments.network) continue;
    e.serve(arguments);
    return true;
  }
  return false;
}

}  // namespace salient::peer
