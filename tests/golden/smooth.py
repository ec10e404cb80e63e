# SPDX-License-Identifier: MIT
"""Writes data/smooth.safetensors: SmoothGrad, SmoothGrad^2 and VarGrad by captum's NoiseTunnel, with the library's noise.

The noise is computed here from Philox's definition and Python's own quantile of the normal distribution. Captum's maps
are checked against the statistics of the samples' maps to 1e-11 of the largest magnitude. Captum's VarGrad is the mean
of squares minus the square of the mean, which cancels and may be negative; it is held to 1e-11 of the mean of squares,
and the reference is the mean square deviation. Captum has no standard error. generate.py runs first: it empties data/.
"""

import pathlib
import sys
from statistics import NormalDist

import captum.attr
import numpy as np
import torch
from safetensors.numpy import load_file, save_file

import definitions
import networks
from generate import channels_last, difference, largest

DATA = pathlib.Path(__file__).parent / "data"
NETWORK, TARGET, SEED, SAMPLES, DEVIATION = "valid", 2, 2**33 + 5, 6, 0.15


def philox(counter, key):
    """Philox4x32-10 of Salmon et al. 2011."""
    c, k, word = list(counter), list(key), 2**32
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b // word ^ c[1] ^ k[0], b % word, a // word ^ c[3] ^ k[1], a % word]
        k = [(k[0] + 0x9E3779B9) % word, (k[1] + 0xBB67AE85) % word]
    return c


def normals(seed, sample, count):
    """Standard normal numbers of the first elements of a sample of image 0, as core/philox.hpp documents."""
    result = []
    for element in range(count):
        words = philox([element // 2, sample, 0, 0], [seed % 2**32, seed // 2**32])
        low, high = words[:2] if element % 2 == 0 else words[2:]
        result.append(NormalDist().inv_cdf(((high * 2**32 + low) // 2**12 + 0.5) / 2**52))
    return np.array(result)


def noise_of(shape):
    """SAMPLES x C x H x W; the library numbers elements in the order H x W x C."""
    channels, height, width = shape
    values = np.stack([normals(SEED, s, channels * height * width) for s in range(SAMPLES)])
    return torch.from_numpy(values.reshape(SAMPLES, height, width, channels)).permute(0, 3, 1, 2)


def by_captum(attribution, x, kind, **options):
    """Captum's map of one image. Its noise is drawn by torch.normal, which is replaced by ours."""
    draw = torch.normal
    torch.normal = lambda mean, deviations: noise_of(x.shape[1:]) * deviations
    try:
        spread = DEVIATION * (x.max() - x.min()).item()
        tunnel = captum.attr.NoiseTunnel(attribution)
        return tunnel.attribute(x, nt_type=kind, nt_samples=SAMPLES, stdevs=spread, target=TARGET, **options).detach()
    finally:
        torch.normal = draw


def statistics(maps):
    mean = maps.mean(dim=0, keepdim=True)
    variance = ((maps - mean) ** 2).mean(dim=0, keepdim=True)
    return {"map": mean, "squares": (maps**2).mean(dim=0, keepdim=True), "variance": variance,
            "standard_error": (variance / (SAMPLES - 1)).sqrt()}


def references(net, x):
    """Statistics by name, for each base method, of one image."""
    at = x + DEVIATION * (x.max() - x.min()) * noise_of(x.shape[1:])
    classes, zeros = [TARGET] * SAMPLES, torch.zeros_like(at)
    bases = {
        "gradients": (captum.attr.Saliency(net), {"abs": False},
                      definitions.gradients(net, at, "logit", classes)),
        "integrated_gradients": (captum.attr.IntegratedGradients(net), {"method": "riemann_middle", "n_steps": 8},
                                 definitions.integrated_gradients(net, at, "logit", classes, baseline=zeros, steps=8,
                                                                  rule="midpoint")),
    }
    for base, (attribution, options, maps) in bases.items():
        ours = statistics(maps.detach())
        theirs = {name: by_captum(attribution, x, kind, **options)
                  for name, kind in [("map", "smoothgrad"), ("squares", "smoothgrad_sq"), ("variance", "vargrad")]}
        for name, map in theirs.items():
            scale = largest(ours["squares"] if name == "variance" else ours[name])
            assert (map - ours[name]).abs().max().item() < 1e-11 * scale, (base, name)
        print(f"{base}: captum's VarGrad differs by {difference(theirs['variance'], ours['variance']):.1e}")
        for name, map in (ours | {"map": theirs["map"], "squares": theirs["squares"]}).items():
            yield f"{base} {name}", map


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    net = networks.sequential(networks.small()[NETWORK])
    weights = load_file(DATA / f"{NETWORK}.weights.safetensors")
    net.load_state_dict({k: torch.from_numpy(v).double() for k, v in weights.items()})
    images = load_file(DATA / f"{NETWORK}.maps.safetensors")["images"]
    images = torch.from_numpy(images).double().permute(0, 3, 1, 2)[:2]
    each = [dict(references(net, x[None])) for x in images]
    save_file({name: channels_last(torch.cat([one[name] for one in each])) for name in each[0]},
              DATA / "smooth.safetensors")


if __name__ == "__main__":
    sys.exit(main())
