// SPDX-License-Identifier: MIT

// Prints the README's table of networks: the constants known at compile time.

#include <cstdio>

#include "salient/method/grad_cam.hpp"
#include "salient/networks/alexnet.hpp"
#include "salient/networks/cifar_resnet.hpp"
#include "salient/networks/convnext.hpp"
#include "salient/networks/densenet.hpp"
#include "salient/networks/efficientnet.hpp"
#include "salient/networks/efficientnet_lite.hpp"
#include "salient/networks/googlenet.hpp"
#include "salient/networks/inception_v3.hpp"
#include "salient/networks/mnasnet.hpp"
#include "salient/networks/mobilenet_v2.hpp"
#include "salient/networks/mobilenet_v3.hpp"
#include "salient/networks/regnet.hpp"
#include "salient/networks/resnet.hpp"
#include "salient/networks/shufflenet_v2.hpp"
#include "salient/networks/squeezenet.hpp"
#include "salient/networks/vgg.hpp"

namespace {

using namespace salient;
using namespace salient::networks;

/// As in PyTorch, the running averages of batch norm do not count as parameters.
template <class Network>
void row(const char* name) {
  constexpr double mib = 1024 * 1024;
  constexpr long forward = Network::template memory<pass::forward>(1),
                 saliency = Network::template memory<pass::saliency<>>(1);
  std::printf("| `%s` | %d | %d | %.2f | %.1f | %.1f |\n", name, Network::input_shape.height, Network::size,
              static_cast<double>(Network::parameters) / 1e6, static_cast<double>(forward) / mib,
              static_cast<double>(saliency) / mib);
}

}  // namespace

#define ROW(NETWORK) row<NETWORK>(#NETWORK)

int main() {
  std::puts(
      "| network | pixels | layers | million parameters | MiB for scores | MiB for gradients "
      "|\n|---|---|---|---|---|---|");
  ROW(resnet18);
  ROW(resnet34);
  ROW(resnet50);
  ROW(resnet101);
  ROW(resnet152);
  ROW(wide_resnet50_2);
  ROW(resnext50_32x4d);
  ROW(vgg11);
  ROW(vgg13);
  ROW(vgg16);
  ROW(vgg19);
  ROW(vgg11_bn);
  ROW(vgg13_bn);
  ROW(vgg16_bn);
  ROW(vgg19_bn);
  ROW(alexnet);
  ROW(squeezenet1_0);
  ROW(squeezenet1_1);
  ROW(densenet121);
  ROW(densenet169);
  ROW(densenet201);
  ROW(googlenet);
  ROW(inception_v3);
  ROW(mobilenet_v2);
  ROW(mobilenet_v3_small);
  ROW(mobilenet_v3_large);
  ROW(mnasnet1_0);
  ROW(shufflenet_v2_x1_0);
  ROW(efficientnet_b0);
  ROW(efficientnet_b1);
  ROW(efficientnet_b2);
  ROW(efficientnet_b3);
  ROW(efficientnet_b4);
  ROW(efficientnet_b5);
  ROW(efficientnet_b6);
  ROW(efficientnet_b7);
  ROW(efficientnet_lite0);
  ROW(regnet_x_400mf);
  ROW(regnet_y_400mf);
  ROW(convnext_tiny);
  ROW(resnet20);
  ROW(resnet32);
  ROW(resnet44);
  ROW(resnet56);
}
