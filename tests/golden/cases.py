# SPDX-License-Identifier: MIT
"""The maps computed for each network: every method with each of its options, at least once."""

from torch import nn

import definitions

RULES = ("gauss_legendre", "midpoint", "trapezoid", "left", "right")


def cases(net, layers, one, each):
    """Yields (method, target, classes, options). classes: [] for the predicted ones, [c] for all, or one per image.

    one: a class; each: a class per image; layers: layers besides the default.
    """
    predicted, one = [], [one]
    kinds = {type(m) for m in net}
    has_relu, has_convolution = nn.ReLU in kinds, definitions.last_convolution(net) is not None

    for target, classes in (("logit", predicted), ("logit", one), ("logit", each), ("probability", predicted),
                            ("probability", each), ("cross_entropy", one), ("cross_entropy", each)):
        yield "gradients", target, classes, {}
    for target, classes in (("logit", each), ("probability", one), ("cross_entropy", predicted)):
        yield "gradients_x_input", target, classes, {}

    for rule in RULES:
        yield "integrated_gradients", "logit", each, {"rule": rule, "steps": 8, "baseline": 0}
    yield "integrated_gradients", "logit", predicted, {"baseline": 0}
    yield "integrated_gradients", "probability", one, {"rule": "midpoint", "steps": 16, "baseline": 0.25}
    yield "integrated_gradients", "cross_entropy", each, {"rule": "right", "steps": 4, "baseline": -0.5}
    yield "integrated_gradients", "logit", each, {"rule": "trapezoid", "steps": 21, "baseline": "image"}
    yield "integrated_gradients", "logit", one, {"rule": "left", "steps": 32, "baseline": "images"}

    yield "occlusion", "logit", each, {"window": (2, 3), "stride": (2, 2)}
    yield "occlusion", "probability", one, {"window": (3, 2), "stride": (1, 2), "baseline": 0.25}
    if has_relu:
        for target, classes in (("logit", predicted), ("logit", each), ("probability", one),
                                ("cross_entropy", each)):
            yield "guided_backprop", target, classes, {}
    if has_relu and has_convolution:
        for target, classes in (("logit", each), ("probability", predicted), ("cross_entropy", one)):
            yield "deconvolution", target, classes, {}
        for layer in layers:
            yield "deconvolution", "logit", predicted, {"layer": layer}
            yield "deconvolution", "logit", predicted, {"layer": layer, "map": 1}
            yield "deconvolution", "logit", predicted, {"layer": layer, "map": 2, "strongest": True}

    if definitions.pooled_layer(net) is not None:
        for target, classes in (("logit", predicted), ("logit", each), ("probability", one)):
            yield "cam", target, classes, {"weights": "classifier"}
    if has_convolution:
        for options in ({}, *({"layer": layer} for layer in layers)):
            yield "cam", "logit", predicted, {"weights": "activation_mean"} | options
            for relu in (True, False):
                yield "grad_cam", "logit", each, options | {"relu": relu}
        yield "grad_cam", "probability", each, {"relu": False}
        yield "grad_cam", "cross_entropy", one, {}
    if has_convolution:
        yield "layer_gradient_x_activation", "logit", each, {}
        yield "layer_conductance", "logit", each, {"steps": 8, "baseline": 0}
        yield "layer_conductance", "probability", one, {"rule": "trapezoid", "steps": 5, "baseline": "image"}
        for layer in layers[:1]:
            yield "layer_conductance", "logit", predicted, {"rule": "midpoint", "steps": 3, "baseline": 0.25, "layer": layer}
        yield "internal_influence", "logit", each, {"steps": 8, "baseline": 0}
        yield "internal_influence", "cross_entropy", one, {"rule": "right", "steps": 4, "baseline": "images"}
        for method in ("hires_cam", "layer_cam", "grad_cam_plus_plus", "xgrad_cam"):
            for options in ({}, *({"layer": layer} for layer in layers[:1])):
                yield method, "logit", each, options
        yield "hires_cam", "probability", each, {"relu": False}
        yield "layer_cam", "cross_entropy", one, {}
        yield "grad_cam_plus_plus", "probability", each, {}
        yield "xgrad_cam", "cross_entropy", each, {"relu": False}
        for options in ({}, *({"layer": layer} for layer in layers)):
            yield "eigen_cam", "logit", predicted, options
    if has_relu and has_convolution:
        for options in ({}, *({"layer": layer} for layer in layers)):
            for interpolation in ("bilinear", "nearest"):
                yield "guided_grad_cam", "logit", each, options | {"interpolation": interpolation}
        yield "guided_grad_cam", "logit", predicted, {"relu": False}
        yield "guided_grad_cam", "probability", one, {}
        yield "guided_grad_cam", "cross_entropy", each, {"interpolation": "nearest"}


def fewer(net, layers, one, each):
    """A selection for networks with large images: each method and each layer, but not all combinations of options."""
    kept = [
        ("gradients", "logit", each), ("gradients", "probability", []), ("gradients", "cross_entropy", each),
        ("gradients_x_input", "logit", each), ("guided_backprop", "logit", []),
        ("guided_backprop", "probability", [one]), ("deconvolution", "logit", each),
        ("cam", "logit", []), ("cam", "logit", each), ("grad_cam", "logit", each), ("grad_cam", "cross_entropy", [one]),
        ("guided_grad_cam", "logit", each), ("hires_cam", "logit", each), ("layer_cam", "logit", each),
        ("grad_cam_plus_plus", "logit", each), ("xgrad_cam", "logit", each), ("eigen_cam", "logit", []),
    ]
    for method, target, classes, options in cases(net, layers, one, each):
        layer = options.get("layer")
        if method == "integrated_gradients":
            keep = options["baseline"] != "images" and options.get("rule") not in ("left", "right")
        elif layer is not None:
            first = layer == layers[0]
            keep = (options.get("strongest") or (method == "deconvolution" and first)
                    or (method == "grad_cam" and options["relu"])
                    or (method == "guided_grad_cam" and options["interpolation"] == ("bilinear", "nearest")[first]))
        else:
            keep = (method, target, classes) in kept
        if keep:
            yield method, target, classes, options
