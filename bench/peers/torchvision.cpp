// SPDX-License-Identifier: MIT

// The library's side for torchvision's networks. They take the images as they are, so that all programs see
// the same numbers.

#include "ours.hpp"
#include "salient/networks/densenet.hpp"
#include "salient/networks/efficientnet.hpp"
#include "salient/networks/mobilenet_v2.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/networks/squeezenet.hpp"
#include "salient/networks/vgg.hpp"

namespace salient::peer {

namespace {

template <class Network>
std::unique_ptr<job> open(const case_of& c) {
  return on_device(c.on, [&](auto device) -> std::unique_ptr<job> {
    const load_options<Network> as_they_are{.images = {}};
    if (c.method == "gradients")
      return job_of<Network>(std::move(device), c, as_they_are, methods::gradients{});
    if (c.method == "grad_cam")
      return job_of<Network>(std::move(device), c, as_they_are, methods::grad_cam<>{});
    if (c.method == "forward") return forward_of<Network>(std::move(device), c, as_they_are);
    if constexpr (std::is_same_v<Network, networks::resnet50>) {
      if (c.method == "integrated_gradients")
        return job_of<Network>(std::move(device), c, as_they_are, methods::integrated_gradients{.steps = 50});
      if (c.method == "smooth_grad")
        return job_of<Network>(std::move(device), c, as_they_are, methods::smooth<>{.samples = 50});
    }
    throw error("'" + c.method + "' of torchvision's networks is not compared");
  });
}

struct entry {
  std::string_view name;
  std::unique_ptr<job> (*open)(const case_of&);
};

constexpr entry networks_compared[] = {
    {"vgg16", open<networks::vgg16>},
    {"resnet18", open<networks::resnet18>},
    {"resnet50", open<networks::resnet50>},
    {"mobilenet_v2", open<networks::mobilenet_v2>},
    {"densenet121", open<networks::densenet121>},
    {"efficientnet_b0", open<networks::efficientnet_b0>},
    {"squeezenet1_1", open<networks::squeezenet1_1>},
};

}  // namespace

std::unique_ptr<job> torchvision_job(const case_of& c) {
  for (const entry& e : networks_compared)
    if (e.name == c.network) return e.open(c);
  return {};
}

}  // namespace salient::peer
