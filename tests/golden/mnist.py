# SPDX-License-Identifier: MIT
"""The project's classifiers in PyTorch, their trained weights, and the committed test digits."""

import gzip
import pathlib
from collections import OrderedDict

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import AdaptiveAvgPool2d, BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from torchvision.models.resnet import BasicBlock

from networks import Network

ROOT = pathlib.Path(__file__).parent.parent.parent
DIGITS = (4, 7)  # of the test set: a 4 and a 9, because few of their maps are in doubt in float32


def classifiers():
    """The networks of apps/networks.hpp that are chains."""
    shape = (28, 28, 1)
    return {
        "perceptron": Network(shape, 2, (), [
            Flatten(), Linear(784, 128), ReLU(), Linear(128, 10)]),
        "cnn": Network(shape, 2, (1, 2), [
            Conv2d(1, 16, 3), ReLU(), Conv2d(16, 32, 3), ReLU(), Flatten(), Linear(18432, 10)]),
        "deep_cnn": Network(shape, 2, (4, 7), [
            Conv2d(1, 16, 3, padding="same"), ReLU(), Conv2d(16, 16, 3, padding="same"), ReLU(), MaxPool2d(2),
            Conv2d(16, 32, 3, padding="same"), ReLU(), Conv2d(32, 32, 3, padding="same"), ReLU(), MaxPool2d(2),
            Flatten(), Linear(1568, 10)]),
        "pooled_cnn": Network(shape, 2, (4, 6), [
            Conv2d(1, 16, 3), ReLU(), Conv2d(16, 32, 3), ReLU(), MaxPool2d(2),
            Conv2d(32, 64, 3, padding="same"), ReLU(), Conv2d(64, 64, 3, padding="same"), ReLU(),
            AdaptiveAvgPool2d(1), Flatten(), Linear(64, 10)]),
    }


FEATURES = {"cnn": 2, "deep_cnn": 7, "pooled_cnn": 7}  # the layers that have this name in the network


def weights_path(name):
    return f"apps/weights/{name}.safetensors"


def load(name, network):
    """The classifier with its trained weights, in float32 as they are stored."""
    net = nn.Sequential(OrderedDict(
        ("features" if i == FEATURES.get(name) else str(i), m) for i, m in enumerate(network.modules)))
    net.load_state_dict(load_file(ROOT / weights_path(name)), strict=True)
    return net.eval()


def residual():
    """`resnet` of apps/networks.hpp with its trained weights."""
    def halved(channels):
        return nn.Sequential(Conv2d(channels, 2 * channels, 1, 2, bias=False), BatchNorm2d(2 * channels))

    net = nn.Sequential(OrderedDict(
        conv1=Conv2d(1, 16, 3, padding=1, bias=False), bn1=BatchNorm2d(16), relu=ReLU(),
        layer1=nn.Sequential(BasicBlock(16, 16)),
        layer2=nn.Sequential(BasicBlock(16, 32, 2, halved(16)), BasicBlock(32, 32)),
        layer3=nn.Sequential(BasicBlock(32, 64, 2, halved(32))),
        avgpool=AdaptiveAvgPool2d(1), flatten=Flatten(), fc=Linear(64, 10)))
    missing, unexpected = net.load_state_dict(load_file(ROOT / weights_path("resnet")), strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing)
    return net.eval()


def trained():
    """All of apps/networks.hpp with their trained weights, by name."""
    return {name: load(name, network) for name, network in classifiers().items()} | {"resnet": residual()}


def read_idx(name):
    data = gzip.decompress((ROOT / "apps/data" / name).read_bytes())
    rank = data[3]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(np.frombuffer(data, ">i4", rank, 4))


def images(indices=slice(None)):
    """N x 1 x 28 x 28, 0 to 1, exact in float32."""
    pixels = read_idx("t10k-images-idx3-ubyte.gz")[list(indices) if not isinstance(indices, slice) else indices]
    return torch.from_numpy(pixels.astype(np.float32) / np.float32(255))[:, None]


def labels():
    return torch.from_numpy(read_idx("t10k-labels-idx1-ubyte.gz").astype(np.int64))
