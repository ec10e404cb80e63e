# SPDX-License-Identifier: MIT
"""Writes data/paths.safetensors: Guided IG and Blur-IG by PAIR's package `saliency`, and expected gradients by captum's
GradientShap with the library's draws, all in float64, for three networks: a sequence, the same with a preprocessing, and
one with a residual sum.

Each result is also computed from its definition, and the two must agree to 1e-11 of the largest magnitude. What of the
packages is worked around:

- `saliency` asks NumPy for quantiles by an argument that NumPy has removed.
- Its Blur-IG spaces widths by the square root up to sqrt(max_sigma), so that it is asked for the square of ours. If
  several steps run together it gives all of them the weight of the last; they run one by one here.
- Its Guided IG ends a step 1e-9 before the distance is covered, in the units of the input, which does not show here.

paths.test.cpp has the same cases. generate.py runs first: it empties data/.
"""

import pathlib
import sys

import captum.attr
import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from scipy import ndimage
from torch import nn

import networks
from generate import channels_last, random_images, randomise
from smooth import philox

quantile = np.quantile
np.quantile = lambda a, share, interpolation: quantile(a, share, method=interpolation)
import saliency.core as pair  # noqa: E402

DATA = pathlib.Path(__file__).parent / "data"
TARGET, SEED, SAMPLES = 2, 2**33 + 5, 9

GUIDED = {
    "guided_ig": {},
    "guided_ig free": {"steps": 23, "fraction": 0.1, "distance": 1.0},
    "guided_ig from 0.25": {"steps": 40, "fraction": 0.5, "distance": 0.1, "baseline": 0.25},
    "guided_ig from image": {"steps": 30, "baseline": "image"},
}
BLUR = {
    "blur_ig": {},
    "blur_ig narrow": {"sigma": 1.7, "steps": 12},
    "blur_ig sqrt": {"sigma": 4.0, "steps": 15, "sqrt": True},
}
EXPECTED = {
    "expected_gradients": {},
    "expected_gradients from 0.25": {"baseline": 0.25},
    "expected_gradients from images": {"baseline": "images"},
}


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, padding=1)
        self.branch = nn.Conv2d(4, 4, 3, padding=1)
        self.fc = nn.Linear(4 * 6 * 5, 5)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        return self.fc((x + torch.relu(self.branch(x))).flatten(1))


def value(net, x):
    return net(torch.from_numpy(x))[:, TARGET].detach().numpy()


def gradient(net, x):
    at = torch.from_numpy(x).requires_grad_()
    return torch.autograd.grad(net(at)[:, TARGET].sum(), at)[0].numpy()


def by_pair(method, net, x, **options):
    """The package's map of one image, N x C x H x W with N = 1. It wants one without N and with channels last."""
    turn = lambda a: a.transpose(0, 3, 1, 2)

    def ask(batch, call_model_args=None, expected_keys=None):
        return {pair.INPUT_OUTPUT_GRADIENTS: gradient(net, turn(np.asarray(batch))).transpose(0, 2, 3, 1)}

    return turn(method.GetMask(x.transpose(0, 2, 3, 1)[0], ask, **options)[None])


def guided(net, x, start, steps=200, fraction=0.25, distance=0.02):
    """From the paper: features sorted by their gradients move in groups, as far as the corridor allows, until the step's
    distance is covered."""
    way = (x - start).ravel()
    place, total = np.zeros(way.size), np.zeros(way.size)
    weight = abs(way) / abs(way).sum()
    group = 1 + int(fraction * (way.size - 1))
    for step in range(steps):
        slope = gradient(net, start + (place * way).reshape(x.shape)).ravel()
        line, before = (step + 1) / steps, place.copy()
        most = min(line + distance, 1.0)
        place = np.maximum(place, max(line - distance, 0.0))
        waiting = [i for i in np.argsort(abs(slope), kind="stable") if way[i] != 0 and place[i] < most]
        while waiting and (missing := line - weight @ place) > 1e-15:
            size = abs(slope[waiting])
            moving = [i for i, s in zip(waiting, size) if s <= size[min(group, len(waiting)) - 1]]
            room = weight[moving] @ (most - place[moving])
            place[moving] += min(missing / room, 1.0) * (most - place[moving])
            waiting = waiting[len(moving):]
        total += (place - before) * way * slope
    return total.reshape(x.shape)


def blurred(x, sigma):
    return ndimage.gaussian_filter(x, [0, 0, sigma, sigma], mode="constant") if sigma else x


def blur(net, x, sigma=50.0, steps=100, sqrt=False):
    shares = np.arange(steps + 1) / steps
    widths = sigma * (np.sqrt(shares) if sqrt else shares)
    return sum((w - after) * (blurred(x, w + 0.01) - blurred(x, w)) / 0.01 * gradient(net, blurred(x, w))
               for w, after in zip(widths, widths[1:]))


def draws(baselines):
    """The baseline and the place of each sample, as core/philox.hpp documents: use 1, elements 0 and 1."""
    for sample in range(SAMPLES):
        words = philox([0, sample, 0, 1], [SEED % 2**32, SEED // 2**32])
        first, second = [((high * 2**32 + low) // 2**12 + 0.5) / 2**52 for low, high in (words[:2], words[2:])]
        yield int(first * baselines), second


def expected(net, x, baselines):
    """The samples' maps."""
    return np.stack([(x - baselines[b]) * gradient(net, baselines[b] + a * (x - baselines[b]))
                     for b, a in draws(len(baselines))])[:, 0]


def by_captum(net, x, baselines):
    """Captum draws from np.random, whose functions are replaced by ours."""
    which, places = zip(*draws(len(baselines)))
    keep = np.random.choice, np.random.uniform
    np.random.choice = lambda n, count: np.array(which)
    np.random.uniform = lambda low, high, count: np.array(places)
    try:
        return captum.attr.GradientShap(net).attribute(
            torch.from_numpy(x), torch.from_numpy(baselines), n_samples=SAMPLES, target=TARGET).detach().numpy()
    finally:
        np.random.choice, np.random.uniform = keep


def agree(name, theirs, ours):
    assert abs(theirs - ours).max() < 1e-11 * abs(ours).max(), (name, abs(theirs - ours).max(), abs(ours).max())


def references(net, x, inputs):
    """Results by name for one image; `inputs` holds baselines as network input."""
    full = lambda v: np.full_like(x, v)
    for name, options in GUIDED.items():
        o = dict(options)
        start = o.pop("baseline", 0.0)
        start = inputs[:1] if start == "image" else full(start)
        words = {"steps": "x_steps", "fraction": "fraction", "distance": "max_dist"}
        map = by_pair(pair.GuidedIG(), net, x, x_baseline=start.transpose(0, 2, 3, 1)[0],
                      **{words[k]: v for k, v in o.items()})
        agree(name, map, guided(net, x, start, **o))
        yield name, map
        yield f"{name} baseline_values", value(net, start)
    for name, o in BLUR.items():
        sigma = o.get("sigma", 50.0)
        spaced = {"sqrt": True, "max_sigma": sigma**2} if "sqrt" in o else {"max_sigma": sigma}
        map = by_pair(pair.BlurIG(), net, x, steps=o.get("steps", 100), **spaced)
        agree(name, map, blur(net, x, **o))
        yield name, map
        yield f"{name} baseline_values", value(net, blurred(x, sigma))
    for name, o in EXPECTED.items():
        baselines = inputs if o.get("baseline") == "images" else full(o.get("baseline", 0.0))
        maps = expected(net, x, baselines)
        map = by_captum(net, x, baselines)
        agree(name, map, maps.mean(0, keepdims=True))
        yield name, map
        yield f"{name} standard_error", maps.std(0, ddof=1, keepdims=True) / SAMPLES**0.5


def narrow(net, x):
    """How far Guided IG in float32 is from the references, for a rounded gradient may move other features first."""
    wide = guided(net, x, np.zeros_like(x))
    narrow = guided(lambda a: net.float()(a.float()).double(), x, np.zeros_like(x))
    net.double()
    return abs(narrow - wide).max() / abs(wide).max()


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    valid = networks.sequential(networks.small()["valid"])
    weights = load_file(DATA / "valid.weights.safetensors")
    valid.load_state_dict({k: torch.from_numpy(v).double() for k, v in weights.items()})
    residual = Residual()
    randomise(residual, 11)
    means, deviations = np.array([0.25, -0.5]).reshape(1, 2, 1, 1), np.array([0.5, 2.0]).reshape(1, 2, 1, 1)
    subjects = {
        "valid": (valid, (7, 6, 2), lambda pixels: pixels),
        "preprocessed": (valid, (7, 6, 2), lambda pixels: (pixels - means) / deviations),
        "residual": (residual, (6, 5, 2), lambda pixels: pixels),
    }
    arrays = {f"residual weight {name}": p.detach().numpy().astype(np.float32)
              for name, p in residual.named_parameters()}
    for seed, (network, (net, shape, preprocess)) in enumerate(subjects.items()):
        images, baselines = random_images(shape, 2, 40 + seed), random_images(shape, 3, 50 + seed)
        arrays |= {f"{network} images": channels_last(images).astype(np.float32),
                   f"{network} baselines": channels_last(baselines).astype(np.float32)}
        inputs = preprocess(baselines.numpy())
        each = [dict(references(net, x[None], inputs)) for x in preprocess(images.numpy())]
        for name in each[0]:
            both = np.concatenate([one[name] for one in each])
            arrays[f"{network} {name}"] = channels_last(torch.from_numpy(both)) if both.ndim == 4 else both
        print(network, "Guided IG in float32:", [f"{narrow(net, x[None]):.1e}" for x in preprocess(images.numpy())])
    save_file(arrays, DATA / "paths.safetensors")


if __name__ == "__main__":
    sys.exit(main())
