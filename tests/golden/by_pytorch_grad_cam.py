# SPDX-License-Identifier: MIT
"""The same methods by pytorch-grad-cam. `attribution` returns a map as by_captum does."""

import pytorch_grad_cam
import torch

import definitions
from by_captum import Lacking, Target

CLASSES = {"hires_cam": "HiResCAM", "layer_cam": "LayerCAM", "grad_cam_plus_plus": "GradCAMPlusPlus",
           "xgrad_cam": "XGradCAM", "eigen_cam": "EigenCAM"}


def attribution(net, x, method, target, classes, options):
    """Returns (name in pytorch_grad_cam, map)."""
    layer = options.get("layer")
    at = net[definitions.last_convolution(net) if layer is None else layer]
    model = Target(net, target)
    name = CLASSES[method]
    with getattr(pytorch_grad_cam, name)(model=model, target_layers=[at]) as cam:
        scores = cam.activations_and_grads(x.detach().requires_grad_())
        scores[torch.arange(len(x)), torch.as_tensor(classes)].sum().backward()
        maps, gradients = (values[0].detach().numpy() for values in
                           (cam.activations_and_grads.activations, cam.activations_and_grads.gradients))
        # What it does with a map afterwards (scale it to 0..1, enlarge it) is not part of the method.
        map = torch.from_numpy(cam.get_cam_image(x, at, None, maps, gradients, False))[:, None]
    if method != "eigen_cam" and options.get("relu", True):
        map = map.clamp(min=0)
    if method in ("grad_cam_plus_plus", "xgrad_cam"):
        raise Lacking("pytorch-grad-cam adds a constant to the denominator, which shows where gradients are small", map)
    if method == "eigen_cam":
        expected = definitions.eigen_cam(net, x, target, classes, **options)
        signs = (map * expected).sum(dim=(1, 2, 3), keepdim=True).sign()
        raise Lacking("pytorch-grad-cam leaves the sign to chance, and rounds to float32; compared with our sign", signs * map)
    return name, map
