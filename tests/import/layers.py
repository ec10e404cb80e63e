# SPDX-License-Identifier: MIT
"""Layers and small networks that PyTorch exports: each with its options, in the ways that people write them."""

import torch
import torch.nn.functional as F
from torch import nn

# Size of the images: oblong, so that height and width are not confused, and 8 - 3 is not a multiple of a stride of 2.
HEIGHT, WIDTH, CHANNELS = 6, 8, 3


class Do(nn.Module):
    """A function of the image, with the modules that it uses."""

    def __init__(self, function, **modules):
        super().__init__()
        self.function = function
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, x):
        return self.function(self, x)


def conv(channels=4, kernel=3, inputs=CHANNELS, **options):
    return nn.Conv2d(inputs, channels, kernel, **options)


def convolutions():
    return {
        "conv": conv(),
        "conv_pad": conv(padding=1),
        "conv_stride": conv(stride=2, padding=1),
        "conv_oblong": conv(kernel=(3, 5), stride=(2, 1), padding=(1, 2)),
        "conv_1x1": conv(kernel=1),
        "conv_same": conv(padding="same"),
        "conv_same_even": conv(kernel=4, padding="same"),
        "conv_valid": conv(padding="valid"),
        "conv_dilated": conv(dilation=2, padding=2),
        "conv_same_dilated": conv(kernel=(2, 3), padding="same", dilation=(1, 2)),
        "conv_unbiased": conv(bias=False),
        "conv_groups": nn.Sequential(conv(kernel=1), conv(6, inputs=4, groups=2, padding=1)),
        "conv_depthwise": conv(3, groups=3, padding=1),
        "conv_depthwise_twice": conv(6, groups=3, stride=2),
        "conv_padded_below": Do(lambda m, x: m.conv(F.pad(x, (0, 1, 0, 1))), conv=conv(stride=2)),
        "conv_padded_around": nn.Sequential(nn.ZeroPad2d((1, 2, 0, 3)), conv(stride=2)),
        "conv_padded_twice": nn.Sequential(nn.ZeroPad2d((1, 0, 0, 0)), conv(padding=1)),
        "conv_cropped": Do(lambda m, x: m.conv(F.pad(x, (-1, 0, 0, -1))), conv=conv()),
        "conv_used_twice": Do(lambda m, x: m.conv(torch.relu(m.conv(x))), conv=conv(3, padding=1)),
    }


def by_hand(m, x):
    """A layer normalisation over the channels of a map, as ConvNeXt's authors wrote it."""
    mean = x.mean(1, keepdim=True)
    variance = (x - mean).pow(2).mean(1, keepdim=True)
    x = (x - mean) / torch.sqrt(variance + 1e-6)
    return m.norm.weight[:, None, None] * x + m.norm.bias[:, None, None]


def norms():
    return {
        "conv_bn": nn.Sequential(conv(), nn.BatchNorm2d(4)),
        "conv_bn_relu": nn.Sequential(conv(bias=False), nn.BatchNorm2d(4, eps=1e-3), nn.ReLU()),
        "conv_relu_bn": nn.Sequential(conv(), nn.ReLU(), nn.BatchNorm2d(4)),
        "conv_bn_bn": nn.Sequential(conv(), nn.BatchNorm2d(4), nn.BatchNorm2d(4)),
        "bn": nn.BatchNorm2d(3),
        "bn_plain": nn.BatchNorm2d(3, affine=False),
        "bn_conv": nn.Sequential(nn.BatchNorm2d(3), conv()),
        "bn_conv_pad": nn.Sequential(nn.BatchNorm2d(3), conv(padding=1)),
        "bn_relu_conv": nn.Sequential(nn.BatchNorm2d(3), nn.ReLU(), conv(padding=1)),
        "depthwise_bn": nn.Sequential(conv(3, groups=3, bias=False), nn.BatchNorm2d(3), nn.ReLU6(),
                                      conv(kernel=1)),
        "conv_forks_bn": Do(lambda m, x: (lambda y: y + m.bn(y))(m.conv(x)),
                            conv=conv(),
                            bn=nn.BatchNorm2d(4)),
        "linear_bn": nn.Sequential(nn.Flatten(), nn.Linear(144, 6), nn.BatchNorm1d(6), nn.ReLU()),
        "layer_norm_last": Do(lambda m, x: m.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2),
                              norm=nn.LayerNorm(3)),
        "layer_norm_first": Do(
            lambda m, x: F.layer_norm(x.permute(0, 2, 3, 1),
                                      (3, ), m.norm.weight, m.norm.bias, 1e-6).permute(0, 3, 1, 2),
            norm=nn.LayerNorm(3)),
        "layer_norm_by_hand": Do(by_hand, norm=nn.LayerNorm(3)),
        "layer_norm_vector": nn.Sequential(nn.Flatten(), nn.Linear(144, 6), nn.LayerNorm(6)),
        "lrn": nn.Sequential(conv(8, kernel=1), nn.LocalResponseNorm(5, alpha=0.1, beta=0.75, k=2)),
        "lrn_even": nn.Sequential(conv(8, kernel=1), nn.ReLU(), nn.LocalResponseNorm(4, alpha=0.2, beta=0.5)),
        "dropout": nn.Sequential(conv(), nn.Dropout2d(), nn.Flatten(), nn.Dropout(), nn.Linear(96, 4)),
    }


def pools():
    maximum, average = nn.MaxPool2d, nn.AvgPool2d
    return {
        "max_pool": maximum(2),
        "max_pool_pad": maximum(3, 2, padding=1),
        "max_pool_ceil": maximum(3, 2, ceil_mode=True),
        "max_pool_pad_ceil": maximum(3, 2, padding=1, ceil_mode=True),
        "max_pool_dilated": maximum(2, 1, dilation=2),
        "max_pool_oblong": maximum((2, 3), (1, 2), padding=(0, 1)),
        "max_pool_whole": maximum((6, 8)),
        "max_pool_padded_below": nn.Sequential(nn.ReLU(), nn.ZeroPad2d((0, 1, 0, 1)), maximum(3, 2)),
        "avg_pool": average(2),
        "avg_pool_pad": average(3, 1, padding=1),
        "avg_pool_pad_excluded": average(3, 1, padding=1, count_include_pad=False),
        "avg_pool_ceil": average(3, 2, ceil_mode=True),
        "avg_pool_whole": average((6, 8)),
        "avg_pool_ceil_excluded": average(3, 2, padding=1, ceil_mode=True, count_include_pad=False),
        "avg_pool_same_size": average(1),
        "adaptive_avg_1": nn.AdaptiveAvgPool2d(1),
        "adaptive_avg_2": nn.AdaptiveAvgPool2d(2),
        "adaptive_avg_same": nn.AdaptiveAvgPool2d((6, 8)),
        "adaptive_max_1": nn.AdaptiveMaxPool2d(1),
        "mean_kept": Do(lambda m, x: m.conv(x.mean([2, 3], keepdim=True)), conv=conv(kernel=1)),
        "mean_flat": Do(lambda m, x: x.mean([2, 3])),
        "mean_backwards": Do(lambda m, x: x.mean((-1, -2))),
        "mean_twice": Do(lambda m, x: x.mean(3).mean(2)),
        "amax": Do(lambda m, x: x.amax((2, 3))),
        "adaptive_avg_squeezed": Do(lambda m, x: F.adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1)),
    }


def activations():
    result = {
        "relu": nn.ReLU(),
        "relu6": nn.ReLU6(),
        "leaky_relu": nn.LeakyReLU(0.1),
        "prelu_one": nn.PReLU(),
        "prelu_many": nn.PReLU(3),
        "sigmoid": nn.Sigmoid(),
        "tanh": nn.Tanh(),
        "silu": nn.SiLU(),
        "hard_swish": nn.Hardswish(),
        "hard_sigmoid": nn.Hardsigmoid(),
        "gelu": nn.GELU(),
        "gelu_tanh": nn.GELU("tanh"),
        "elu": nn.ELU(0.5),
        "selu": nn.SELU(),
        "celu": nn.CELU(0.5),
        "softplus": nn.Softplus(),
        "clamp": Do(lambda m, x: x.clamp(-1.5, 2.0)),
        "clamp_min": Do(lambda m, x: x.clamp(min=0.0)),
        "clamp_max": Do(lambda m, x: x.clamp(max=1.0)),
        "hard_tanh": nn.Hardtanh(),
        "silu_by_hand": Do(lambda m, x: x * torch.sigmoid(x)),
        "hard_swish_by_hand": Do(lambda m, x: x * F.relu6(x + 3) / 6),
        "hard_swish_by_thirds": Do(lambda m, x: x * (F.relu6(x + 3) * (1 / 6))),
        "hard_sigmoid_by_hand": Do(lambda m, x: F.relu6(x + 3) / 6),
        "gelu_by_hand": Do(lambda m, x: x * 0.5 * (1.0 + torch.erf(x / 2**0.5))),
        "relu_of_linear": nn.Sequential(nn.Flatten(), nn.Linear(144, 6), nn.PReLU()),
    }
    return result


def ends():
    """Networks with a head of their own, and single layers without any."""
    flat = lambda *layers: nn.Sequential(nn.Flatten(), nn.Linear(144, 3), *layers)
    return {
        "softmax": flat(nn.Softmax(1)),
        "softmax_last": flat(nn.Softmax(-1)),
        "log_softmax": flat(nn.LogSoftmax(1)),
        "sigmoid_last": flat(nn.Sigmoid()),
        "linear_unbiased": nn.Sequential(nn.Flatten(), nn.Linear(144, 3, bias=False)),
        "linear_one": nn.Sequential(nn.Flatten(), nn.Linear(144, 1)),
        "view": Do(lambda m, x: m.fc(x.view(x.size(0), -1)), fc=nn.Linear(144, 3)),
        "view_of_shape": Do(lambda m, x: m.fc(x.reshape(x.shape[0], x.shape[1] * x.shape[2] * x.shape[3])),
                            fc=nn.Linear(144, 3)),
        "view_known": Do(lambda m, x: m.fc(x.view(-1, 144)), fc=nn.Linear(144, 3)),
        "flatten_last": Do(lambda m, x: m.fc(x.permute(0, 2, 3, 1).flatten(1)), fc=nn.Linear(144, 3)),
        "matmul": Do(lambda m, x: torch.flatten(x, 1) @ m.fc.weight.t() + m.fc.bias, fc=nn.Linear(144, 3)),
        "conv_head": nn.Sequential(conv(3, kernel=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "conv_head_map": conv(3, kernel=(6, 8)),
        "bare_conv": conv(),
        "bare_relu": nn.ReLU(),
        "bare_max_pool": nn.MaxPool2d(2),
        "bare_concat": Do(lambda m, x: torch.cat([x, m.conv(x)], 1), conv=conv(padding=1)),
    }


# Where the opset changes what is written.
OLD_TOO = {
    9: "conv_padded_around relu6 hard_swish hard_sigmoid prelu_many bn softmax log_softmax avg_pool avg_pool_pad mean_flat "
       "dropout layer_norm_last gelu view view_of_shape flatten_last lrn conv_same_even clamp amax",
    11: "conv_padded_around conv_padded_below conv_cropped conv_used_twice relu6 hard_swish hard_sigmoid softmax log_softmax "
        "avg_pool_ceil max_pool_ceil max_pool_pad_ceil adaptive_avg_squeezed conv_same_even clamp_min clamp_max",
    13: "layer_norm_last layer_norm_vector lrn gelu gelu_tanh mean_flat mean_kept hard_swish clamp view",
    20: "gelu gelu_tanh mean_flat adaptive_avg_squeezed amax bn conv_bn max_pool_dilated layer_norm_last"
}
DYNAMIC = "conv_bn_relu view view_of_shape view_known flatten_last softmax mean_flat adaptive_avg_squeezed dropout"
# So large that every piece of an activation is met.
WIDE = set(activations())
OWN_HEAD = set(ends())


def cases():
    return convolutions() | norms() | pools() | activations() | ends()
