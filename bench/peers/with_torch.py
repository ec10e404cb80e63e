# SPDX-License-Identifier: MIT
"""PyTorch's side: captum on an eager model. With COMPILE=1 in the environment, on a model under torch.compile; with
CHANNELS_LAST=1, on weights and images in the order that suits many CPUs better than PyTorch's own."""

import os
import sys

import numpy as np
import torch
from captum.attr import (Deconvolution, GuidedBackprop, GuidedGradCam, InputXGradient, IntegratedGradients,
                         LayerGradCam, Saliency)
from safetensors.torch import load_file
from torch import nn

import cases
import networks


def training(net, x, target):
    """An epoch of Adam along a cosine, as the library's fit does it; returns the mean loss."""
    net.requires_grad_(True)
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    steps = (len(x) + cases.BATCH - 1) // cases.BATCH
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    total = 0.0
    for some in torch.randperm(len(x)).split(cases.BATCH):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(net(x[some]), target[some])
        loss.backward()
        optimiser.step()
        schedule.step()
        total += loss.item() * len(some)
    return torch.full((1, 1, 1, 1), total / len(x))


def main():
    network, weights, images, classes, method, threads, out = sys.argv[1:]
    torch.set_num_threads(int(threads))
    net = networks.build(network)
    net.load_state_dict(load_file(weights))
    net = net.requires_grad_(False)
    x = torch.from_numpy(np.load(images)).permute(0, 3, 1, 2).contiguous()
    target = torch.from_numpy(np.load(classes).astype(np.int64))
    if os.environ.get("CHANNELS_LAST"):
        net, x = net.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    layer = net.get_submodule(networks.last_map(network)) if "grad_cam" in method else None
    f = torch.compile(net) if os.environ.get("COMPILE") else net
    attribute = {
        "gradients": lambda: Saliency(f).attribute(x, target, abs=False),
        "integrated_gradients": lambda: IntegratedGradients(f).attribute(
            x, target=target, n_steps=cases.STEPS, method="gausslegendre"),
        "gradients_x_input": lambda: InputXGradient(f).attribute(x, target),
        "deconvolution": lambda: Deconvolution(f).attribute(x, target),
        "guided_grad_cam": lambda: GuidedGradCam(f, layer).attribute(x, target, interpolate_mode="bilinear"),
        "train": lambda: training(f, x, target),
        "guided_backprop": lambda: GuidedBackprop(f).attribute(x, target),
        "grad_cam": lambda: LayerGradCam(f, layer).attribute(x, target, relu_attributions=True),
    }[method]

    def make_map():
        if method != "train" and not x.requires_grad:
            x.requires_grad_()
        return attribute()

    cases.serve(make_map, lambda m: np.save(out, m.detach().permute(0, 2, 3, 1).contiguous().numpy()))


main()
