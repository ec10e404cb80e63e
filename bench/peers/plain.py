# SPDX-License-Identifier: MIT
"""Maps by torch.autograd alone, as a PyTorch user without captum writes them; and such a map as one CUDA graph."""

import numpy as np
import torch

import cases


def of_class(scores, target):
    return scores.gather(1, target[:, None]).sum()


def gradients(net, x, target):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(of_class(net(x), target), x)[0]


def integrated_gradients(device):
    nodes, weights = np.polynomial.legendre.leggauss(cases.STEPS)
    nodes, weights = (torch.tensor(v / 2, dtype=torch.float32, device=device).view(-1, 1, 1, 1, 1)
                      for v in (nodes + 1, weights))

    def attribute(net, x, target):
        points = (nodes * x).flatten(0, 1)  # steps, then images
        g = gradients(net, points, target.repeat(cases.STEPS)).unflatten(0, (cases.STEPS, len(x)))
        return x * (weights * g).sum(0)

    return attribute


def grad_cam(layer):
    """layer: the module whose output is looked at. Nothing before it is differentiated."""

    def attribute(net, x, target):
        seen = []
        hook = layer.register_forward_hook(lambda module, given, out: seen.append(out.detach().requires_grad_()) or seen[0])
        try:
            scores = net(x)
        finally:
            hook.remove()
        g = torch.autograd.grad(of_class(scores, target), seen[0])[0]
        return (seen[0].detach() * g.mean((2, 3), keepdim=True)).sum(1, keepdim=True).relu()

    return attribute


def method(name, layer, device):
    """f(net, images, classes) on that device; layer is Grad-CAM's."""
    return {"gradients": gradients, "gradients_x_input": lambda net, x, target: x * gradients(net, x, target),
            "integrated_gradients": integrated_gradients(device), "grad_cam": grad_cam(layer)}[name]


class Graph:
    """What f(x) does on the GPU, captured once and replayed: images go in from pinned memory, maps come out to it."""

    def __init__(self, f, x):
        self.f = f  # what it refers to is used again by each replay
        self.given, self.x = x.pin_memory(), x.cuda()
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):  # cuDNN chooses its algorithms, which cannot be captured
                f(self.x)
        torch.cuda.current_stream().wait_stream(aside)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.map = f(self.x)
        self.out = torch.empty(self.map.shape, dtype=self.map.dtype, pin_memory=True)

    def __call__(self):
        self.x.copy_(self.given, non_blocking=True)
        self.graph.replay()
        self.out.copy_(self.map, non_blocking=True)
        torch.cuda.current_stream().synchronize()
        return self.out
