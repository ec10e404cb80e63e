# SPDX-License-Identifier: MIT
"""PyTorch's side. Words of a job's way: "captum", or "autograd" for the same map without it; "compile" puts the model
under torch.compile; "channels_last" lays out weights and images in the order that many devices like better than
PyTorch's own; "graph" captures an autograd map as one CUDA graph. On a GPU cuDNN tries its algorithms first."""

import functools
import sys

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

import cases
import networks
import plain

DEVICE = "cuda" if sys.argv[1] == "gpu" else "cpu"


def by_captum(method, net, layer):
    from captum.attr import (Deconvolution, GuidedBackprop, GuidedGradCam, InputXGradient, IntegratedGradients,
                             LayerGradCam, NoiseTunnel, Saliency)

    return {
        "gradients": lambda x, target: Saliency(net).attribute(x, target, abs=False),
        "integrated_gradients": lambda x, target: IntegratedGradients(net).attribute(
            x, target=target, n_steps=cases.STEPS, method="gausslegendre",
            internal_batch_size=10 if x.shape[-1] == 224 else None),
        "gradients_x_input": lambda x, target: InputXGradient(net).attribute(x, target),
        "smooth_grad": lambda x, target: NoiseTunnel(Saliency(net)).attribute(
            x, nt_type="smoothgrad", nt_samples=cases.STEPS, nt_samples_batch_size=10,
            stdevs=cases.DEVIATION * float(x.max() - x.min()), target=target, abs=False),
        "deconvolution": lambda x, target: Deconvolution(net).attribute(x, target),
        "guided_grad_cam": lambda x, target: GuidedGradCam(net, layer).attribute(x, target, interpolate_mode="bilinear"),
        "guided_backprop": lambda x, target: GuidedBackprop(net).attribute(x, target),
        "grad_cam": lambda x, target: LayerGradCam(net, layer).attribute(x, target, relu_attributions=True),
    }[method]


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


@functools.cache
def network(name, weights, channels_last):
    net = networks.load(name, load_file(weights)).to(DEVICE)
    return net.to(memory_format=torch.channels_last) if channels_last else net


def load(case):
    channels_last = "channels_last" in case.way
    net = network(case.network, case.weights, channels_last).requires_grad_(False)
    x = torch.from_numpy(np.load(case.images)).permute(0, 3, 1, 2).contiguous()
    if channels_last:
        x = x.contiguous(memory_format=torch.channels_last)
    target = torch.from_numpy(np.load(case.classes).astype(np.int64)).to(DEVICE)
    layer = net.get_submodule(networks.last_map(case.network)) if "grad_cam" in case.method else None
    f = torch.compile(net) if "compile" in case.way else net
    if case.method == "train":
        attribute = functools.partial(training, f)
    elif case.method == "forward":
        attribute = torch.no_grad()(lambda x, target: f(x)[:, :, None, None])
    elif "captum" in case.way:
        attribute = by_captum(case.method, f, layer)
    else:
        attribute = functools.partial(plain.method(case.method, layer, DEVICE), f)

    def precisely():
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = "tf32" in case.way

    def map_on_device():
        moved = x.to(DEVICE, non_blocking=True)
        if case.method not in ("train", "forward") and not moved.requires_grad:
            moved.requires_grad_()
        return attribute(moved, target).detach().cpu()

    def precise_map_on_device():
        precisely()  # other jobs of this process may have changed it
        return map_on_device()

    make_map = map_on_device
    if DEVICE == "cuda":
        precisely()
        x = x.pin_memory()
        graph = "graph" in case.way
        make_map = plain.Graph(lambda moved: attribute(moved, target), x) if graph else precise_map_on_device
    return make_map, lambda m, file: np.save(file, m.permute(0, 2, 3, 1).contiguous().numpy())


if DEVICE == "cuda":
    torch.backends.cudnn.benchmark = True
else:
    torch.set_num_threads(int(sys.argv[1]))
cases.serve(load)
