# SPDX-License-Identifier: MIT
"""The networks of the references, as a PyTorch user would write them. networks.hpp has the same as types."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import AdaptiveAvgPool2d, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Softmax
from torch.nn import functional as F


def same(x, kernel, stride, value=0.0):
    """Pads so that the output is ceil(input / stride); odd padding goes to the bottom and right."""
    missing = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in zip(x.shape[2:], kernel, stride)]
    (top, left), (height, width) = [m // 2 for m in missing], missing
    return F.pad(x, (left, width - left, top, height - top), value=value)


# PyTorch has no padding="same" with a stride or in pools. These follow TensorFlow's rule, the usual meaning:


class SameConv2d(Conv2d):
    def forward(self, x):
        return super().forward(same(x, self.kernel_size, self.stride))


class SameAvgPool2d(AvgPool2d):
    def forward(self, x):
        return super().forward(same(x, (self.kernel_size,) * 2, (self.stride,) * 2))


class TiedMaxPool2d(MaxPool2d):
    """Selects the first of equal values, where values that differ only by rounding count as equal.

    On a blank background a convolution should give the same value everywhere. PyTorch's differs in the last bit at some
    positions, so its own max-pool would not select the first in row-major order.
    """

    def forward(self, x):
        rounded = torch.round(x.detach() * 2.0**40)
        _, where = F.max_pool2d(rounded, self.kernel_size, self.stride, self.padding, return_indices=True)
        return x.flatten(2).gather(2, where.flatten(2)).view_as(where)


class SameMaxPool2d(TiedMaxPool2d):
    def forward(self, x):
        return super().forward(same(x, (self.kernel_size,) * 2, (self.stride,) * 2, -torch.inf))


def with_ties(net):
    for i, m in enumerate(net):
        if type(m) is MaxPool2d:
            net[i] = TiedMaxPool2d(m.kernel_size, m.stride, m.padding)
    return net


@dataclass
class Network:
    input: tuple  # height, width, channels
    batch: int
    layers: tuple  # indices that Grad-CAM and deconvolution look at, besides the default
    modules: list


def small():
    """Every layer and kind of window; non-square inputs, 1 to 4 channels, batches of 1 to 5."""
    return {
        "perceptron_small": Network((3, 4, 2), 5, (), [
            Flatten(), Linear(24, 9), ReLU(), Linear(9, 5)]),
        "inner_softmax": Network((4, 3, 1), 4, (), [
            Flatten(), Linear(12, 8), ReLU(), Linear(8, 5), Softmax(1), Linear(5, 4), Softmax(1)]),
        "valid": Network((7, 6, 2), 3, (0, 1), [
            Conv2d(2, 4, 3), ReLU(), Conv2d(4, 3, 2), ReLU(), Flatten(), Linear(36, 5)]),
        "strided": Network((9, 8, 3), 2, (0, 2), [
            Conv2d(3, 4, 3, 2, 1), ReLU(), Conv2d(4, 5, (2, 3), (1, 2), 1), ReLU(), Flatten(), Linear(60, 4)]),
        "rectangular": Network((6, 9, 1), 3, (0, 1), [
            Conv2d(1, 4, (1, 3)), ReLU(), Conv2d(4, 3, (3, 2), 1, (2, 1)), ReLU(), Flatten(),
            Linear(192, 4)]),
        "same_even": Network((7, 8, 2), 2, (0, 4), [
            Conv2d(2, 4, 2, padding="same"), ReLU(), Conv2d(4, 3, (4, 3), padding="same"), ReLU(), AvgPool2d(2),
            Flatten(), Linear(36, 4)]),
        "same_strided": Network((7, 8, 2), 2, (0, 2), [
            SameConv2d(2, 5, 4, 2), ReLU(), SameMaxPool2d(2, 1), SameConv2d(5, 4, (2, 3), (2, 1)), ReLU(),
            SameAvgPool2d(3, 2), Flatten(), Linear(8, 4)]),
        "no_bias": Network((8, 6, 4), 1, (0, 2), [
            Conv2d(4, 5, 3, 1, 1, bias=False), ReLU(), MaxPool2d(2), Conv2d(5, 4, 2, bias=False), ReLU(),
            Flatten(), Linear(24, 6, bias=False)]),
        "max_overlap": Network((9, 7, 3), 2, (2, 5), [
            Conv2d(3, 4, 3, padding="same"), ReLU(), MaxPool2d(3, 2, 1), Conv2d(4, 5, 3, 1, 1), ReLU(),
            MaxPool2d(2, 1), Flatten(), Linear(60, 4), Softmax(1)]),
        "avg_overlap": Network((8, 7, 1), 4, (2, 5), [
            Conv2d(1, 4, 3, 1, 1), ReLU(), AvgPool2d(3, 2, 1), Conv2d(4, 3, 2), ReLU(),
            AvgPool2d((2, 1), 1, (1, 0)), Flatten(), Linear(36, 3)]),
        "gaps": Network((10, 11, 1), 2, (0, 2), [
            Conv2d(1, 4, 2), ReLU(), MaxPool2d(2, 3), Conv2d(4, 3, 1, 2), ReLU(), Flatten(), Linear(12, 4)]),
        "pooled": Network((8, 10, 1), 3, (1, 2), [
            Conv2d(1, 4, 3), ReLU(), Conv2d(4, 6, 3), ReLU(), AdaptiveAvgPool2d(1), Flatten(), Linear(6, 5)]),
        "pooled_softmax": Network((8, 7, 2), 2, (1, 2), [
            Conv2d(2, 5, (1, 3)), ReLU(), MaxPool2d(2), Conv2d(5, 6, 2), AdaptiveAvgPool2d(1), Flatten(),
            Linear(6, 3, bias=False), Softmax(1)]),
        "linear": Network((6, 5, 2), 3, (0, 1), [
            Conv2d(2, 3, 3), AvgPool2d(2), Flatten(), Linear(6, 4)]),
        "relu_first": Network((5, 6, 4), 2, (0, 1), [
            ReLU(), Conv2d(4, 4, 3), ReLU(), Conv2d(4, 3, (2, 3)), ReLU(), Flatten(), ReLU(), Linear(12, 4)]),
        "deep": Network((6, 7, 2), 5, (5, 7), [
            Conv2d(2, 4, 3, 1, 1), ReLU(), Conv2d(4, 4, 3, 1, 1), ReLU(), Conv2d(4, 5, 1), ReLU(),
            Conv2d(5, 4, 3, 1, 1), ReLU(), MaxPool2d(2), Conv2d(4, 5, 2), ReLU(), Flatten(), Linear(20, 8),
            ReLU(), Linear(8, 4)]),
    }


def sequential(network):
    return with_ties(nn.Sequential(*network.modules).double().eval())
