# SPDX-License-Identifier: MIT
"""Small graphs that have every layer and option, as a PyTorch user writes them. graphs.test.cpp holds their twins."""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.grouped = nn.Conv2d(4, 8, 3, 2, 1, groups=2)
        self.depthwise = nn.Conv2d(8, 8, 3, 1, 2, dilation=2, groups=8, bias=False)
        self.bn = nn.BatchNorm2d(8, eps=1e-3)
        self.multiplied = nn.Conv2d(8, 16, (3, 2), (1, 2), (1, 0), groups=8)
        self.dilated = nn.Conv2d(16, 6, (2, 3), (2, 1), dilation=(2, 1))
        self.bare = nn.BatchNorm2d(6, affine=False)
        self.fc = nn.Linear(6 * 3 * 4, 5)

    def forward(self, x):
        x = F.leaky_relu(self.grouped(x), 0.1)
        x = F.elu(self.bn(self.depthwise(x)), 0.7)
        x = F.relu(self.multiplied(x))
        x = self.bare(self.dilated(F.pad(x, (2, 1, 0, 2))))  # left, right, top, bottom
        return self.fc(F.relu(x).flatten(1))


def activations():
    kinds = [nn.ReLU6(), nn.Hardtanh(-0.5, 0.7), nn.LeakyReLU(), nn.PReLU(6), nn.PReLU(), nn.Sigmoid(), nn.Tanh(),
             nn.SiLU(), nn.Hardswish(), nn.Hardsigmoid(), nn.GELU(), nn.GELU(approximate="tanh"), nn.ELU(),
             nn.Softplus(2, 3)]
    layers = [nn.Conv2d(3, 6, 3, 1, 1)]
    for kind in kinds:
        layers += [kind, nn.Conv2d(6, 6, 1)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(6 * 5 * 4, 7))


def pools():
    return nn.Sequential(
        nn.Conv2d(3, 6, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.Conv2d(6, 6, 1), nn.ReLU(),
        nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False), nn.Conv2d(6, 8, 3, 1, 1), nn.Tanh(),
        nn.AdaptiveAvgPool2d((3, 7)), nn.Conv2d(8, 8, 1), nn.MaxPool2d((2, 3), 1, dilation=(1, 2)),
        nn.AvgPool2d(2, 1, 1, count_include_pad=True), nn.SiLU(), nn.AdaptiveMaxPool2d(1), nn.Flatten(),
        nn.Linear(8, 4))


class Joins(nn.Module):
    """Sums of three, a skip over several layers, concats, both kinds of products, slices and pads."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 1, 1)
        self.a, self.b = nn.Conv2d(8, 8, 1), nn.Conv2d(8, 8, 3, 1, 1)
        self.c, self.d = nn.Conv2d(8, 4, 1), nn.Conv2d(8, 4, (1, 3), 1, (0, 1))
        self.left, self.right = nn.Conv2d(4, 4, 1), nn.Conv2d(4, 8, 3, 1, 1)
        self.squeeze, self.excite = nn.Conv2d(12, 3, 1), nn.Conv2d(3, 12, 1)
        self.gate = nn.Conv2d(12, 12, 1)
        self.last = nn.Conv2d(22, 10, 3, 2)
        self.fc = nn.Linear(10, 5)

    def forward(self, x):
        stem = F.relu(self.stem(x))
        x = F.relu(stem + self.a(stem) + self.b(F.silu(stem)))
        x = torch.cat((self.c(x), F.tanh(self.d(x))), 1) + stem
        first, second = x.chunk(2, 1)
        x = torch.cat((self.left(first), F.relu(self.right(second))), 1)
        x = nn.ChannelShuffle(3)(x)
        x = x * F.sigmoid(self.excite(F.relu(self.squeeze(F.adaptive_avg_pool2d(x, 1)))))
        x = x * F.hardsigmoid(self.gate(x))
        moved = F.pad(x, (0, 0, 1, -1, 1, 2))  # left, right, top, bottom, channels before and after
        x = torch.cat((moved, stem[:, 1:]), 1)
        x = F.relu(self.last(x))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Norms(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 7, 3, 1, 1)
        self.ln, self.bare = nn.LayerNorm(7, eps=1e-3), nn.LayerNorm(9, elementwise_affine=False)
        self.lrn = nn.LocalResponseNorm(4, 0.3, 0.6, 2)
        self.wide, self.conv = nn.Linear(7, 9), nn.Conv2d(9, 8, 3, 2)
        self.layer_scale = nn.Parameter(torch.empty(8, 1, 1))
        self.head = nn.Sequential(OrderedDict(
            norm=nn.LayerNorm(8), drop=nn.Dropout(0.5), fc=nn.Linear(8, 6)))
        self.last = nn.Sequential(nn.BatchNorm1d(6), nn.Dropout(), nn.ReLU(), nn.Linear(6, 4))

    def forward(self, x):
        x = F.gelu(self.ln(self.stem(x).permute(0, 2, 3, 1)))
        x = self.bare(self.wide(x)).permute(0, 3, 1, 2)
        x = F.relu(self.conv(self.lrn(x))) * self.layer_scale
        return self.last(self.head(x.mean((2, 3))))


def constructors():
    """Name -> (constructor; height, width, channels; the module that Grad-CAM looks at besides its default)."""
    return {"convolutions": (Convolutions, (11, 14, 4), "depthwise"), "activations": (activations, (5, 4, 3), "5"),
            "pools": (pools, (18, 16, 3), "6"), "joins": (Joins, (8, 9, 3), "a"), "norms": (Norms, (7, 6, 3), "stem")}
