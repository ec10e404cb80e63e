# SPDX-License-Identifier: MIT
"""Every saliency method written directly from its definition with autograd, one backward pass per sum.

z: class scores before any softmax; c: class; A^k: feature map k of a layer; images are N x C x H x W.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Guided(torch.autograd.Function):
    """Springenberg et al., 1412.6806."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, signal):
        return signal.clamp(min=0) * (ctx.saved_tensors[0] > 0)


class Deconv(torch.autograd.Function):
    """Zeiler & Fergus, 1311.2901."""

    @staticmethod
    def forward(ctx, x):
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, signal):
        return signal.clamp(min=0)


def run(modules, x, rectifier=torch.relu):
    for module in modules:
        x = rectifier(x) if isinstance(module, nn.ReLU) else module(x)
    return x


def without_softmax(net):
    return net[:-1] if isinstance(net[-1], nn.Softmax) else net


def value(target, z, classes):
    """The target's value for each image."""
    outputs = {
        "logit": lambda: z,
        "probability": lambda: F.softmax(z, dim=1),
        "cross_entropy": lambda: -F.log_softmax(z, dim=1),
    }[target]()
    return outputs[torch.arange(len(z)), torch.as_tensor(classes)]


def gradient(net, x, target, classes, first=0, rectifier=torch.relu):
    """d value / dx, x being the input of module `first`."""
    x = x.detach().requires_grad_()
    z = run(without_softmax(net)[first:], x, rectifier)
    return torch.autograd.grad(value(target, z, classes).sum(), x)[0]


def gradients(net, x, target, classes):
    return gradient(net, x, target, classes)


def gradients_x_input(net, x, target, classes):
    return x * gradient(net, x, target, classes)


def nodes(rule, n):
    """Positions and weights of a quadrature on [0, 1]."""
    if rule == "gauss_legendre":
        positions, weights = np.polynomial.legendre.leggauss(n)
        return (1 + positions) / 2, weights / 2
    i = np.arange(n)
    weights = np.full(n, 1 / n)
    if rule == "trapezoid":  # n intervals have n + 1 points
        return np.arange(n + 1) / n, np.append(weights, 0) / 2 + np.append(0, weights) / 2
    return {"left": i / n, "midpoint": (i + 0.5) / n, "right": (i + 1) / n}[rule], weights


def integrated_gradients(net, x, target, classes, baseline, rule="gauss_legendre", steps=50):
    total = torch.zeros_like(x)
    for position, weight in zip(*nodes(rule, steps)):
        total += weight * gradient(net, baseline + position * (x - baseline), target, classes)
    return (x - baseline) * total


def occlusion(net, x, target, classes, window=(4, 4), stride=(2, 2), baseline=0):
    total, covered = torch.zeros_like(x[:, :1]), torch.zeros_like(x[:, :1])
    before = value(target, run(without_softmax(net), x), classes)
    height, width = x.shape[2:]
    for top in range(0, height - window[0] + stride[0], stride[0]):
        for left in range(0, width - window[1] + stride[1], stride[1]):
            here = slice(top, top + window[0]), slice(left, left + window[1])
            changed = x.clone()
            changed[:, :, here[0], here[1]] = baseline
            after = value(target, run(without_softmax(net), changed), classes)
            total[:, :, here[0], here[1]] += (before - after).view(-1, 1, 1, 1)
            covered[:, :, here[0], here[1]] += 1
    return (total / covered).detach()


def chosen_units(maps, map=-1, strongest=False):
    """A layer's activations with all but the chosen ones set to zero."""
    if map < 0:
        return maps
    chosen = torch.zeros_like(maps)
    chosen[:, map] = maps[:, map]
    if strongest:
        flat = chosen[:, map].flatten(1)
        best = F.one_hot(flat.argmax(dim=1), flat.shape[1])
        chosen[:, map] = (flat * best).view_as(chosen[:, map])
    return chosen


def deconvolution(net, x, target, classes, layer=None, map=-1, strongest=False):
    if layer is None:
        return gradient(net, x, target, classes, rectifier=Deconv.apply)
    x = x.detach().requires_grad_()
    maps = run(net[: layer + 1], x, Deconv.apply)
    return torch.autograd.grad(maps, x, chosen_units(maps.detach(), map, strongest))[0]


def guided_backprop(net, x, target, classes):
    return gradient(net, x, target, classes, rectifier=Guided.apply)


def last_convolution(net):
    """Grad-CAM's default layer: the ReLU after the last convolution, or that convolution."""
    last = max((i for i, m in enumerate(net) if isinstance(m, nn.Conv2d)), default=None)
    if last is None:
        return None
    return last + 1 if isinstance(net[last + 1], nn.ReLU) else last


def pooled_layer(net):
    """The index of the global average pool of a head that CAM supports, or None."""
    body = without_softmax(net)
    pooled = [isinstance(m, t) for m, t in zip(body[-3:], (nn.AdaptiveAvgPool2d, nn.Flatten, nn.Linear))]
    return len(body) - 3 if len(pooled) == 3 and all(pooled) else None


def cam(net, x, target, classes, weights="classifier", layer=None):
    with torch.no_grad():
        if weights == "classifier":
            maps = run(net[: pooled_layer(net)], x)
            factors = without_softmax(net)[-1].weight[torch.as_tensor(classes)]
        else:
            maps = run(net[: (last_convolution(net) if layer is None else layer) + 1], x)
            factors = maps.mean(dim=(2, 3))
        return torch.einsum("nk,nkyx->nyx", factors, maps)[:, None]


def grad_cam(net, x, target, classes, layer=None, relu=True):
    layer = last_convolution(net) if layer is None else layer
    maps = run(net[: layer + 1], x).detach()
    alpha = gradient(net, maps, target, classes, layer + 1).mean(dim=(2, 3), keepdim=True)
    result = (alpha * maps).sum(dim=1, keepdim=True)
    return result.clamp(min=0) if relu else result


def maps_and_gradients(net, x, target, classes, layer):
    """A layer's feature maps, and the gradient of the target there: N x K x h x w."""
    layer = last_convolution(net) if layer is None else layer
    maps = run(net[: layer + 1], x).detach()
    return maps, gradient(net, maps, target, classes, layer + 1)


def layer_gradient_x_activation(net, x, target, classes, layer=None):
    maps, g = maps_and_gradients(net, x, target, classes, layer)
    return g * maps


def line(net, x, target, classes, baseline, rule, count, layer):
    """A layer's feature maps and gradients, and the weights, at the quadrature's points from baseline to x."""
    for position, weight in zip(*nodes(rule, count)):
        yield *maps_and_gradients(net, baseline + position * (x - baseline), target, classes, layer), weight


def layer_conductance(net, x, target, classes, baseline, rule="gauss_legendre", steps=50, layer=None):
    points = list(line(net, x, target, classes, baseline, rule, steps + (rule != "trapezoid"), layer))
    return sum(g * (following - maps) for (maps, g, _), (following, _, _) in zip(points, points[1:]))


def internal_influence(net, x, target, classes, baseline, rule="gauss_legendre", steps=50, layer=None):
    return sum(weight * g for _, g, weight in line(net, x, target, classes, baseline, rule, steps, layer))


def hires_cam(net, x, target, classes, layer=None, relu=True):
    result = layer_gradient_x_activation(net, x, target, classes, layer).sum(dim=1, keepdim=True)
    return result.clamp(min=0) if relu else result


def layer_cam(net, x, target, classes, layer=None):
    maps, g = maps_and_gradients(net, x, target, classes, layer)
    return (g.clamp(min=0) * maps).sum(dim=1, keepdim=True).clamp(min=0)


def grad_cam_plus_plus(net, x, target, classes, layer=None):
    maps, g = maps_and_gradients(net, x, target, classes, layer)
    denominator = 2 * g**2 + g**3 * maps.sum(dim=(2, 3), keepdim=True)
    alpha = torch.where(denominator == 0, 0, g**2 / denominator)
    weights = (alpha * g.clamp(min=0)).sum(dim=(2, 3), keepdim=True)
    return (weights * maps).sum(dim=1, keepdim=True).clamp(min=0)


def xgrad_cam(net, x, target, classes, layer=None, relu=True):
    maps, g = maps_and_gradients(net, x, target, classes, layer)
    total = maps.sum(dim=(2, 3), keepdim=True)
    weights = torch.where(total == 0, 0, (g * maps).sum(dim=(2, 3), keepdim=True) / total)
    result = (weights * maps).sum(dim=1, keepdim=True)
    return result.clamp(min=0) if relu else result


def eigen_cam(net, x, target, classes, layer=None):
    maps, _ = maps_and_gradients(net, x, target, classes, layer)
    result = torch.zeros_like(maps[:, :1])
    for n, image in enumerate(maps):
        centred = image.flatten(1).T - image.flatten(1).mean(dim=1)
        first = torch.linalg.svd(centred, full_matrices=False).Vh[0]
        map = centred @ first
        sign = 1 if map @ image.flatten(1).sum(dim=0) >= 0 else -1
        result[n, 0] = sign * map.view(image.shape[1:])
    return result


def guided_grad_cam(net, x, target, classes, layer=None, relu=True, interpolation="bilinear"):
    coarse = grad_cam(net, x, target, classes, layer, relu)
    mode = {"mode": "bilinear", "align_corners": False} if interpolation == "bilinear" else {"mode": "nearest"}
    return guided_backprop(net, x, target, classes) * F.interpolate(coarse, x.shape[2:], **mode)
