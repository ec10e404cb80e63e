# SPDX-License-Identifier: MIT
"""The networks as PyTorch modules, whose parameters have the names that the library's networks give them."""

from collections import OrderedDict

import torch
from torch import nn
from torchvision import models

import cases

VALID, SAME = 0, 1


def conv(*filters, padding=SAME):
    return [layer for f in filters for layer in (("conv", f, padding), ("relu",))]


# The first three blocks of VGG at half their widths, pooled: images of any size will do.
SIZED = conv(32, 32) + [("pool",)] + conv(64, 64) + [("pool",)] + conv(128, 128) + [("mean",), ("flatten",), ("dense", 10)]
LAYERS = {
    "perceptron": [("flatten",), ("dense", 128), ("relu",), ("dense", 10)],
    "cnn": conv(16, 32, padding=VALID) + [("flatten",), ("dense", 10)],
    "deep_cnn": conv(16, 16) + [("pool",)] + conv(32, 32) + [("pool",), ("flatten",), ("dense", 10)],
    "pooled_cnn": conv(16, 32, padding=VALID) + [("pool",)] + conv(64, 64) + [("mean",), ("flatten",), ("dense", 10)],
    **{f"sized_{size}": SIZED for size in cases.SIZES},
}
# The module whose output is the last map that all paths through the network cross, without a pool behind it.
LAST_MAP = {"vgg16": "features.29", "resnet18": "layer4", "resnet50": "layer4", "mobilenet_v2": "features",
            "densenet121": "relu", "efficientnet_b0": "features", "squeezenet1_1": "classifier.2"}


def last_convolution(network):
    """Its place among the layers, or -1."""
    return max((i for i, layer in enumerate(LAYERS[network]) if layer[0] == "conv"), default=-1)


def last_map(network):
    return LAST_MAP.get(network) or str(last_convolution(network) + 1)


def build_torchvision(network):
    whole = getattr(models, network)(weights=None)
    if network != "densenet121":
        return whole
    # Its last ReLU and its pool are no modules, and captum's hooks need one.
    return nn.Sequential(OrderedDict(features=whole.features, relu=nn.ReLU(inplace=True), avgpool=nn.AdaptiveAvgPool2d(1),
                                     flatten=nn.Flatten(), classifier=whole.classifier))


def build(network):
    """In evaluation mode, with random weights."""
    if network in cases.TORCHVISION:
        return build_torchvision(network).eval()
    height, width, channels = cases.INPUTS[network]
    x, modules = torch.zeros(1, channels, height, width), OrderedDict()
    for i, (kind, *how) in enumerate(LAYERS[network]):
        module = {"conv": lambda: nn.Conv2d(x.shape[1], how[0], 3, padding=how[1]), "relu": nn.ReLU,
                  "pool": lambda: nn.MaxPool2d(2), "mean": lambda: nn.AdaptiveAvgPool2d(1),
                  "flatten": nn.Flatten, "dense": lambda: nn.Linear(x.shape[1], how[0])}[kind]()
        named = network in cases.DIGITS and i == last_convolution(network)
        modules["features" if named else str(i)] = module
        x = module(x)
    return nn.Sequential(modules).eval()


def load(network, weights):
    """In evaluation mode, with the weights of a state_dict."""
    if network not in cases.TORCHVISION:
        net = build(network)
        net.load_state_dict(weights)
        return net
    with torch.device("meta"):  # weights that are replaced need not be drawn first
        net = build_torchvision(network)
    net.load_state_dict(weights, assign=True)
    return net.eval()
