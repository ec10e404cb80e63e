# SPDX-License-Identifier: MIT
"""Joins, gates, channel operations and small networks that PyTorch exports, in the ways that people write them."""

import torch
import torch.nn.functional as F
from torch import nn

from layers import Do, conv


def conv_bn(channels, inputs, kernel=3, activation=nn.ReLU, **options):
    layers = [
        conv(channels, kernel, inputs, bias=False, padding=kernel // 2, **options),
        nn.BatchNorm2d(channels)
    ]
    return nn.Sequential(*layers, *([activation()] if activation else []))


class Residual(nn.Module):

    def __init__(self, inputs, channels, stride=1):
        super().__init__()
        self.conv1 = conv_bn(channels, inputs, stride=stride)
        self.conv2 = conv_bn(channels, channels, activation=None)
        self.downsample = conv_bn(channels, inputs, 1, None,
                                  stride=stride) if stride > 1 or inputs != channels else None

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(self.conv2(self.conv1(x)) + shortcut)


class Gate(nn.Module):
    """Squeeze and excite by dense layers, as most write it."""

    def __init__(self, channels, inner):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(channels, inner, bias=False), nn.ReLU(),
                                nn.Linear(inner, channels, bias=False), nn.Sigmoid())

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.fc(F.adaptive_avg_pool2d(x, 1).view(b, c)).view(b, c, 1, 1)
        return x * y.expand_as(x)


def squeeze_excite(channels, inner, gate):
    return Do(lambda m, x: x * m.gate(m.up(torch.relu(m.down(F.adaptive_avg_pool2d(x, 1))))),
              down=conv(inner, 1, channels),
              up=conv(channels, 1, inner),
              gate=gate)


class Dense(nn.Module):
    """Each layer sees all that came before."""

    def __init__(self, inputs, growth, count):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(inputs + i * growth), nn.ReLU(),
                          conv(growth, 3, inputs + i * growth, bias=False, padding=1)) for i in range(count))

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(layer(torch.cat(features, 1)))
        return torch.cat(features, 1)


def shuffle(x, groups):
    b, c, h, w = x.size()
    return x.view(b, groups, c // groups, h, w).transpose(1, 2).contiguous().view(b, c, h, w)


class ShuffleUnit(nn.Module):

    def __init__(self, channels):
        super().__init__()
        half = channels // 2
        self.branch = nn.Sequential(conv_bn(half, half, 1), conv_bn(half, half, activation=None, groups=half))

    def forward(self, x):
        a, b = x.chunk(2, dim=1)
        return shuffle(torch.cat((a, self.branch(b)), 1), 2)


class Inverted(nn.Module):
    """MobileNet's block."""

    def __init__(self, inputs, activation, gate=None):
        super().__init__()
        inner = 2 * inputs
        self.block = nn.Sequential(conv_bn(inner, inputs, 1, activation),
                                   conv_bn(inner, inner, 3, activation, groups=inner),
                                   *([squeeze_excite(inner, 2, gate)] if gate else []),
                                   conv_bn(inputs, inner, 1, None))

    def forward(self, x):
        return x + self.block(x)


class ConvNext(nn.Module):

    def __init__(self, channels):
        super().__init__()
        self.depthwise = conv(channels, 5, channels, padding=2, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.up, self.down = nn.Linear(channels, 2 * channels), nn.Linear(2 * channels, channels)
        self.layer_scale = nn.Parameter(torch.ones(channels, 1, 1))

    def forward(self, x):
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        return x + self.layer_scale * self.down(F.gelu(self.up(y))).permute(0, 3, 1, 2)


class Normalised(nn.Module):
    """Takes pixels in 0 to 1, and does the usual to them."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.conv = conv(padding=1)

    def forward(self, x):
        return self.conv((x - self.mean) / self.std)


class Scaled(nn.Module):

    def __init__(self):
        super().__init__()
        self.scale, self.bias = nn.Parameter(torch.ones(3)), nn.Parameter(torch.zeros(1, 3, 1, 1))

    def forward(self, x):
        return x * self.scale.view(1, 3, 1, 1) + self.bias


def numbers():
    return {
        "add_number": Do(lambda m, x: x + 0.5),
        "multiply_by_number": Do(lambda m, x: 0.25 * x),
        "divide_by_number": Do(lambda m, x: x / 3),
        "affine": Do(lambda m, x: x * 0.5 + 1),
        "from_one": Do(lambda m, x: 1 - x),
        "negative": Do(lambda m, x: -x),
        "per_channel": Scaled(),
        "normalised": Normalised(),
        "inception_input":
            Do(lambda m, x: torch.cat((x[:, 0:1] * (0.229 / 0.5) - 0.03, x[:, 1:2] *
                                       (0.224 / 0.5) - 0.088, x[:, 2:3] * (0.225 / 0.5) - 0.188), 1)),
        "relu_then_number": Do(lambda m, x: m.conv(torch.relu(x * 2 - 0.5)) * 0.1, conv=conv()),
    }


def joins():
    pair = {"a": conv(padding=1), "b": conv(kernel=1)}
    return {
        "add": Do(lambda m, x: m.a(x) + m.b(x), **pair),
        "add_input": Do(lambda m, x: x + m.a(x), a=conv(3, padding=1)),
        "add_three": Do(lambda m, x: x + m.a(x) + m.b(x), a=conv(3, padding=1), b=conv(3, 1)),
        "add_itself": Do(lambda m, x: (lambda y: y + y)(m.a(x)), a=conv()),
        "subtract": Do(lambda m, x: m.a(x) - m.b(x), **pair),
        "multiply": Do(lambda m, x: m.a(x) * torch.sigmoid(m.b(x)), **pair),
        "add_pooled": Do(lambda m, x: m.a(x) + F.adaptive_avg_pool2d(m.b(x), 1), **pair),
        "concat": Do(lambda m, x: torch.cat([m.a(x), m.b(x)], 1), **pair),
        "concat_three": Do(lambda m, x: torch.cat([m.a(x), x, F.max_pool2d(x, 3, 1, 1)], dim=-3),
                           a=conv(padding=1)),
        "concat_flat": Do(
            lambda m, x: torch.cat([m.a(x).flatten(1), F.max_pool2d(x, 2).flatten(1)], 1), a=conv()),
        "concat_pools": Do(lambda m, x: torch.cat([F.adaptive_avg_pool2d(x, 1),
                                                   F.adaptive_max_pool2d(x, 1)], 1)),
        "residual": Residual(3, 3),
        "residual_down": Residual(3, 4, 2),
        "gate": Gate(3, 2),
        "gate_sigmoid": squeeze_excite(3, 2, nn.Sigmoid()),
        "gate_hard": squeeze_excite(3, 2, nn.Hardsigmoid()),
        "dense_block": Dense(3, 2, 3),
    }


def channels():
    wider = lambda function: Do(function, conv=conv(6, 1))
    return {
        "shuffle": wider(lambda m, x: shuffle(m.conv(x), 3)),
        "shuffle_layer": nn.Sequential(conv(6, 1), nn.ChannelShuffle(2)),
        "split": wider(lambda m, x: (lambda a, b: torch.cat([torch.relu(b), a], 1))
                       (*torch.split(m.conv(x), [2, 4], 1))),
        "chunk": wider(lambda m, x: (lambda a, b: torch.relu(a) + b)(*m.conv(x).chunk(2, 1))),
        "channels_cut": Do(lambda m, x: x[:, 1:]),
        "channels_one": Do(lambda m, x: m.a(x[:, -1:]), a=conv(2, 3, 1)),
        "crop": Do(lambda m, x: x[:, :, 1:-1, 2:]),
        "step": Do(lambda m, x: x[:, :, ::2, ::2]),
        "pad_channels": Do(lambda m, x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 1, 1))),
        "shuffle_unit": nn.Sequential(conv(4, 1), ShuffleUnit(4)),
    }


def networks():
    head = lambda n: [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(n, 3)]
    return {
        "lenet": nn.Sequential(conv(4), nn.Tanh(), nn.AvgPool2d(2), conv(5, 2, 4), nn.Tanh(), nn.Flatten(),
                               nn.Linear(10, 6), nn.Tanh(), nn.Linear(6, 3)),
        "vgg": nn.Sequential(conv_bn(4, 3), nn.MaxPool2d(2), conv_bn(5, 4), nn.AdaptiveAvgPool2d((3, 4)),
                             nn.Flatten(), nn.Linear(60, 6), nn.ReLU(), nn.Dropout(), nn.Linear(6, 3)),
        "resnet": nn.Sequential(conv_bn(4, 3), nn.MaxPool2d(3, 2, 1), Residual(4, 4), Residual(4, 6, 2),
                                *head(6)),
        "preactivated": nn.Sequential(
            conv(4, padding=1),
            Do(lambda m, x: x + m.block(x),
               block=nn.Sequential(nn.BatchNorm2d(4), nn.ReLU(), conv(4, 3, 4, padding=1, bias=False))),
            nn.BatchNorm2d(4), nn.ReLU(), *head(4)),
        "mobilenet_v2": nn.Sequential(conv_bn(4, 3, 3, nn.ReLU6, stride=2), Inverted(4, nn.ReLU6), *head(4)),
        "mobilenet_v3": nn.Sequential(conv_bn(4, 3, 3, nn.Hardswish, stride=2),
                                      Inverted(4, nn.Hardswish, nn.Hardsigmoid()), *head(4)),
        "efficientnet": nn.Sequential(conv_bn(4, 3, 3, nn.SiLU), Inverted(4, nn.SiLU, nn.Sigmoid()),
                                      *head(4)),
        "squeezenet": nn.Sequential(
            conv(4, 3, stride=2), nn.ReLU(),
            Do(lambda m, x: torch.cat([torch.relu(m.a(x)), torch.relu(m.b(x))], 1),
               a=conv(3, 1, 4),
               b=conv(3, 3, 4, padding=1)), nn.Dropout(), conv(3, 1, 6), nn.ReLU(),
            nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten()),
        "densenet": nn.Sequential(conv(4, padding=1), Dense(4, 2, 2), nn.BatchNorm2d(8), nn.ReLU(),
                                  conv(4, 1, 8), nn.AvgPool2d(2), *head(4)),
        "shufflenet": nn.Sequential(conv_bn(4, 3, stride=2), ShuffleUnit(4), ShuffleUnit(4),
                                    Do(lambda m, x: x.mean([2, 3])), nn.Linear(4, 3)),
        "convnext": nn.Sequential(conv(4, 2, stride=2), ConvNext(4), *head(4)),
        "option_a": nn.Sequential(
            conv_bn(4, 3),
            Do(lambda m, x: torch.relu(m.main(x) + F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 1, 1))),
               main=conv_bn(6, 4, activation=None, stride=2)), *head(6)),
    }


OLD_TOO = {
    9: "residual_down gate normalised affine shuffle shuffle_unit split concat lenet resnet mobilenet_v3 "
       "squeezenet convnext",
    11: "shuffle_unit chunk pad_channels crop step channels_one option_a shufflenet mobilenet_v2 mobilenet_v3 efficientnet",
    13: "split chunk gate shuffle convnext densenet channels_cut",
    20: "split shuffle_unit pad_channels resnet convnext mobilenet_v3 option_a"
}
DYNAMIC = "gate shuffle shuffle_unit shufflenet resnet option_a vgg squeezenet mobilenet_v3 concat_flat"
OWN_HEAD = set(networks())


def cases():
    return numbers() | joins() | channels() | networks()
