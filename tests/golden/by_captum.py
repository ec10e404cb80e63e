# SPDX-License-Identifier: MIT
"""The same methods by captum. `attribution` returns a map, or raises Lacking if captum has none."""

import captum.attr
import torch
from torch import nn
from torch.nn import functional as F

import definitions


class Lacking(Exception):
    """A library lacks a method or option. `deviates` is its nearest map, if there is one."""

    def __init__(self, reason, deviates=None):
        super().__init__(reason)
        self.deviates = deviates


class Target(nn.Module):
    """The network followed by the target function; captum selects an output of it."""

    def __init__(self, net, target):
        super().__init__()
        self.net, self.target = definitions.without_softmax(net), target

    def forward(self, x):
        z = self.net(x)
        if self.target == "probability":
            return F.softmax(z, dim=1)
        return z if self.target == "logit" else -F.log_softmax(z, dim=1)


class Units(nn.Module):
    """Half the sum of squares of the chosen units; its derivative with respect to them is their activations."""

    def __init__(self, net, layer, map, strongest):
        super().__init__()
        self.net, self.map, self.strongest = net[: layer + 1], map, strongest

    def forward(self, x):
        return definitions.chosen_units(self.net(x), self.map, self.strongest).square().flatten(1).sum(1) / 2


IG_RULES = {"midpoint": "riemann_middle", "left": "riemann_left", "right": "riemann_right",
            "trapezoid": "riemann_trapezoid", "gauss_legendre": "gausslegendre"}


def integrated_gradients(model, x, classes, baseline, rule="gauss_legendre", steps=50):
    method = captum.attr.IntegratedGradients(model)
    points = steps + 1 if rule == "trapezoid" else steps
    result = method.attribute(x, baseline, classes, n_steps=points, method=IG_RULES[rule])
    if rule == "trapezoid":
        raise Lacking("the weights of captum's trapezoid sum to (n-1)/n, not 1; compared after scaling",
                      result * points / (points - 1))
    if steps & (steps - 1) or rule == "gauss_legendre":
        raise Lacking("captum rounds the weights of its quadrature to float32", result)
    return result


def attribution(net, x, method, target, classes, options):
    """Returns (name in captum.attr, map)."""
    model = Target(net, target)
    classes = torch.as_tensor(classes)
    x = x.detach().requires_grad_()
    layer = options.get("layer")
    at = net[definitions.last_convolution(net) if layer is None else layer] if "cam" in method else None
    if method.startswith(("layer_", "internal_")):
        at = net[definitions.last_convolution(net) if layer is None else layer]
    if method == "layer_conductance":
        rule, steps = IG_RULES[options.get("rule", "gauss_legendre")], options.get("steps", 50)
        conductance = captum.attr.LayerConductance(model, at)
        return "LayerConductance", conductance.attribute(x, options["baseline"], classes, n_steps=steps, method=rule)
    if method == "internal_influence":
        rule, steps = options.get("rule", "gauss_legendre"), options.get("steps", 50)
        influence = captum.attr.InternalInfluence(model, at)
        map = influence.attribute(x, options["baseline"], classes, n_steps=steps, method=IG_RULES[rule])
        if steps & (steps - 1) or rule == "gauss_legendre":
            raise Lacking("captum rounds the weights of its quadrature to float32", map)
        return "InternalInfluence", map
    if method == "layer_gradient_x_activation":
        return "LayerGradientXActivation", captum.attr.LayerGradientXActivation(model, at).attribute(x, classes)
    if method == "gradients":
        return "Saliency", captum.attr.Saliency(model).attribute(x, classes, abs=False)
    if method == "gradients_x_input":
        return "InputXGradient", captum.attr.InputXGradient(model).attribute(x, classes)
    if method == "integrated_gradients":
        return "IntegratedGradients", integrated_gradients(model, x, classes, **options)
    if method == "occlusion":
        window, stride = options.get("window", (4, 4)), options.get("stride", (2, 2))
        map = captum.attr.Occlusion(model).attribute(x, (x.shape[1], *window), (x.shape[1], *stride),
                                                     options.get("baseline", 0), classes)
        raise Lacking("captum rounds the falls of the score to float32", map[:, :1].detach())  # equal in all channels
    if method == "deconvolution" and layer is None:
        return "Deconvolution", captum.attr.Deconvolution(model).attribute(x, classes)
    if method == "deconvolution":
        units = Units(net, layer, options.get("map", -1), options.get("strongest", False))
        return "Deconvolution", captum.attr.Deconvolution(units).attribute(x)
    if method == "guided_backprop":
        return "GuidedBackprop", captum.attr.GuidedBackprop(model).attribute(x, classes)
    if method == "cam":
        if options.get("weights") == "activation_mean":
            raise Lacking("captum has no CAM")
        pooled = definitions.pooled_layer(net)
        grad_cam = captum.attr.LayerGradCam(Target(net, "logit"), net[pooled - 1]).attribute(x, classes)
        raise Lacking("captum has no CAM; compared with its Grad-CAM without relu times the number of positions",
                      grad_cam * grad_cam[0, 0].numel())
    relu = options.get("relu", True)
    if method == "grad_cam":
        return "LayerGradCam", captum.attr.LayerGradCam(model, at).attribute(x, classes, relu_attributions=relu)
    assert method == "guided_grad_cam"
    if not relu:
        raise Lacking("captum's Guided Grad-CAM always applies Grad-CAM's relu")
    how = options.get("interpolation", "bilinear")
    return "GuidedGradCam", captum.attr.GuidedGradCam(model, at).attribute(x, classes, interpolate_mode=how)
