# SPDX-License-Identifier: MIT
"""The networks of include/salient/networks as PyTorch has them, without weights."""

from functools import partial

import torch
from torch import nn
from torch.nn import functional as F
from torchvision import models

from efficientnet_lite_pytorch import EfficientNet


class CifarBlock(nn.Module):
    """Two 3x3 convolutions; the shortcut is option A of He et al. 2015."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride != 1:
            self.shortcut = Subsampled(outputs // 4)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (self.shortcut(x) if hasattr(self, "shortcut") else x))


class Subsampled(nn.Module):
    """Takes every second pixel and pads with `zeros` channels on either side."""

    def __init__(self, zeros):
        super().__init__()
        self.zeros = zeros

    def forward(self, x):
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.zeros, self.zeros))


class CifarResNet(nn.Module):
    def __init__(self, count, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = self.stage(16, 16, count, 1)
        self.layer2 = self.stage(16, 32, count, 2)
        self.layer3 = self.stage(32, 64, count, 2)
        self.linear = nn.Linear(64, num_classes)

    @staticmethod
    def stage(inputs, outputs, count, stride):
        rest = [CifarBlock(outputs, outputs, 1) for _ in range(count - 1)]
        return nn.Sequential(CifarBlock(inputs, outputs, stride), *rest)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


# Modules used only in training: weight files hold them, and the library declares them `unused`.
UNUSED = {"googlenet": ("aux1", "aux2"), "inception_v3": ("AuxLogits",)}

TORCHVISION = """
    resnet18 resnet34 resnet50 resnet101 resnet152 wide_resnet50_2 resnext50_32x4d alexnet
    vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn squeezenet1_0 squeezenet1_1
    densenet121 densenet169 densenet201 googlenet inception_v3 mobilenet_v2 mobilenet_v3_small mobilenet_v3_large
    mnasnet1_0 shufflenet_v2_x1_0 efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 efficientnet_b4
    efficientnet_b5 efficientnet_b6 efficientnet_b7 regnet_x_400mf regnet_y_400mf convnext_tiny""".split()


def constructors():
    """Name -> (constructor, which takes num_classes; side of the images that it was trained on)."""
    result = {}
    for name in TORCHVISION:
        extra = {"aux_logits": True, "init_weights": False} if name in UNUSED else {}
        side, = models.get_model_weights(name).DEFAULT.transforms().crop_size
        result[name] = (partial(getattr(models, name), weights=None, **extra), side)
    result["efficientnet_lite0"] = (partial(EfficientNet.from_name, "efficientnet-lite0"), 224)
    for depth in (20, 32, 44, 56):
        result[f"resnet{depth}"] = (partial(CifarResNet, (depth - 2) // 6), 32)
    return result


def skeleton(name, **options):
    """The network and an input of its size, both without memory (on the meta device)."""
    make, side = constructors()[name]
    return make(**options).eval().to("meta"), torch.empty(1, 3, side, side, device="meta")
