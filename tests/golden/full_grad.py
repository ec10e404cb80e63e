# SPDX-License-Identifier: MIT
"""Writes data/full_grad.safetensors: FullGrad's pictures and parts from the definition, in float64, by autograd.

Networks: `valid` of networks.py, and one with batch norms and a residual sum, whose weights are in the file too. The
parts must add up to the scores to 1e-12. pytorch-grad-cam's FullGrad is compared: it scales channels as the paper does,
but scales its picture to the range from 0 to 1, adds 1e-7 to each denominator and enlarges in float32. So it is held
to 1e-4 of our picture in this range. Its class prints a warning about layers; ignore it. generate.py runs first: it
empties data/.
"""

import pathlib
import sys

import numpy as np
import torch
from pytorch_grad_cam import FullGrad
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from safetensors.numpy import load_file, save_file
from torch import nn
from torch.nn import functional as F

import networks
from generate import channels_last

DATA = pathlib.Path(__file__).parent / "data"
CLASS = 2


class Residual(nn.Module):
    """full_grad.test.cpp has the same as a type."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.conv2, self.bn2 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv3, self.bn3 = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.conv4, self.fc = nn.Conv2d(4, 5, 2), nn.Linear(30, 4)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(x)))
        x = torch.relu(self.bn3(self.conv3(y)) + x)
        return self.fc(torch.relu(self.conv4(F.max_pool2d(x, 2))).flatten(1))


def residual():
    """With weights and statistics that are exact in float32."""
    torch.manual_seed(5)
    net = Residual().double().eval()
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if tensor.is_floating_point():
                drawn = torch.rand(tensor.shape) if "running" in name else torch.randn(tensor.shape) / 2
                tensor.copy_((drawn + ("running_var" in name) / 2).float().double())
    return net


def constants(module):
    """What a module adds to each channel of its output, or None."""
    if isinstance(module, nn.BatchNorm2d):
        return module.bias - module.weight * module.running_mean / torch.sqrt(module.running_var + module.eps)
    return module.bias if isinstance(module, (nn.Conv2d, nn.Linear)) else None


def scaled(part, axes):
    """The magnitudes, scaled linearly to the range from 0 to 1; 0 where they are constant but for rounding."""
    part = part.abs()
    low, high = part.amin(axes, keepdim=True), part.amax(axes, keepdim=True)
    flat = high - low <= 16 * np.finfo(np.float64).eps * high
    return torch.where(flat, 0, (part - low) / torch.where(flat, 1, high - low))


def parts(net, x):
    """Input and bias parts, in the order of the modules' calls, and the class's scores."""
    outputs = []
    hooks = [m.register_forward_hook(lambda m, _, out: outputs.append((m, out)))
             for m in net.modules() if constants(m) is not None]
    x = x.clone().requires_grad_()
    z = net(x)[:, CLASS]
    for hook in hooks:
        hook.remove()
    gradients = torch.autograd.grad(z.sum(), [x] + [out for _, out in outputs])
    biases = []
    for (module, out), gradient in zip(outputs, gradients[1:]):
        biases.append(gradient * constants(module).view([1, -1] + [1] * (out.dim() - 2)))
    return (x * gradients[0]).detach(), [b.detach() for b in biases], z.detach()


def picture(every, size, axes):
    """The sum over channels of the enlarged, scaled magnitudes of every part with positions."""
    return sum(F.interpolate(scaled(p, axes), size, mode="bilinear", align_corners=False).sum(1, keepdim=True)
               for p in every if p.dim() == 4 and p.shape[2] * p.shape[3] > 1)


def references(net, x):
    pixels, biases, z = parts(net, x)
    sums = torch.stack([b.flatten(1).sum(1) for b in biases], 1)
    gap = (pixels.flatten(1).sum(1) + sums.sum(1) - z).abs().max()
    assert gap < 1e-12, gap
    by_channel = picture([pixels, *biases], x.shape[2:], (2, 3))
    theirs = torch.from_numpy(FullGrad(net, [])(x.clone(), [ClassifierOutputTarget(CLASS)] * len(x)))[:, None]
    off = (theirs - scaled(by_channel, (2, 3))).abs().max()
    print(f"the sum of all parts is off by {gap:.1e}, pytorch-grad-cam's picture by {off:.1e}")
    assert off < 1e-4, off
    return {"channel": channels_last(by_channel), "input": channels_last(pixels), "biases": sums.numpy(),
            "layer": channels_last(picture([pixels, *biases], x.shape[2:], (1, 2, 3)))}


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    valid = networks.sequential(networks.small()["valid"])
    weights = load_file(DATA / "valid.weights.safetensors")
    valid.load_state_dict({k: torch.from_numpy(v).double() for k, v in weights.items()})
    images = load_file(DATA / "valid.maps.safetensors")["images"]
    arrays = {f"valid {k}": v for k, v in
              references(valid, torch.from_numpy(images).double().permute(0, 3, 1, 2)).items()}
    net = residual()
    images = torch.rand(3, 3, 8, 7).float().double()
    arrays |= {f"residual {k}": v for k, v in references(net, images).items()}
    arrays |= {f"weights {k}": v.numpy() for k, v in net.state_dict().items() if v.is_floating_point()}
    arrays["residual images"] = channels_last(images)
    save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, DATA / "full_grad.safetensors")


if __name__ == "__main__":
    sys.exit(main())
