# SPDX-License-Identifier: MIT
"""Saliency methods by float64 autograd for any PyTorch network, as tests/golden/definitions.py has them for
nn.Sequential. Activations are found as they are called, so that functional and reused ones count too."""

import torch
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

import definitions

ACTIVATIONS = {F.relu, torch.relu, torch.Tensor.relu, F.relu6, F.hardtanh, F.leaky_relu, torch.prelu, torch.sigmoid,
               torch.Tensor.sigmoid, torch.tanh, torch.Tensor.tanh, F.silu, F.hardswish, F.hardsigmoid, F.gelu, F.elu,
               F.softplus}
POOLS = {F.max_pool2d, F.avg_pool2d, F.adaptive_avg_pool2d, F.adaptive_max_pool2d, torch.Tensor.mean,
         torch.flatten, torch.Tensor.flatten}


class Rule(torch.autograd.Function):
    """An activation by the two facts of include/salient/core/rule.hpp: positive signals alone, times f' or not."""

    @staticmethod
    def forward(ctx, x, f, derivative):
        ctx.save_for_backward(x)
        ctx.f, ctx.derivative = f, derivative
        return f(x)

    @staticmethod
    def backward(ctx, signal):
        signal = signal.clamp(min=0)
        if ctx.derivative:
            with torch.enable_grad():
                x = ctx.saved_tensors[0].detach().requires_grad_()
                signal, = torch.autograd.grad(ctx.f(x), x, signal)
        return signal, None, None


def hard_sigmoid(x):
    """PyTorch's own derivative is 1/6 rounded to float32, in float64 too."""
    return (x / 6 + 0.5).clamp(0, 1)


class Ruled(TorchFunctionMode):
    """While it is on, activations follow a rule in the backward pass, and none works in place.

    last_map: what the last pool or flatten was given, or the first of several in a row.
    """

    def __init__(self, rule="gradient"):
        super().__init__()
        self.rule = rule
        self.last_map = self.pooled = None

    def __torch_function__(self, f, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if f in ACTIVATIONS:
            kwargs.pop("inplace", None)
            x, rest = args[0], args[1:]
            call = hard_sigmoid if f is F.hardsigmoid else lambda x: f(x, *rest, **kwargs)
            return call(x) if self.rule == "gradient" else Rule.apply(x, call, self.rule == "guided")
        result = f(*args, **kwargs)
        if f in POOLS:
            if args[0] is not self.pooled and args[0][0, 0].numel() > 1:
                self.last_map = args[0]
            self.pooled = result
        return result



def forward(net, x, rule="gradient", path=None):
    """Scores, and the maps that Grad-CAM looks at: of the module of that path, or the default."""
    kept = []
    hook = net.get_submodule(path).register_forward_hook(lambda m, i, y: kept.append(y)) if path else None
    with Ruled(rule) as mode:
        z = net(x)
    if hook:
        hook.remove()
    return z.flatten(1), kept[0] if path else mode.last_map


def gradient(net, x, c, rule="gradient"):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(forward(net, x, rule)[0][:, c].sum(), x)[0]


def integrated_gradients(net, x, c, steps):
    positions, weights = (torch.from_numpy(n).to(x.dtype) for n in definitions.nodes("gauss_legendre", steps))
    gradients = gradient(net, positions[:, None, None, None] * x, c)
    return x * torch.tensordot(weights, gradients, 1)


def grad_cam(net, x, c, path=None):
    z, maps = forward(net, x.detach().requires_grad_(), path=path)
    alpha = torch.autograd.grad(z[:, c].sum(), maps)[0].mean(dim=(2, 3), keepdim=True)
    return (alpha * maps.detach()).sum(dim=1, keepdim=True).clamp(min=0)
