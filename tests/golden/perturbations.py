# SPDX-License-Identifier: MIT
"""Writes data/perturbations.safetensors: Score-CAM, Ablation-CAM and RISE in float64, from their definitions.

Score-CAM is checked against torch-cam to 1e-11 of the largest magnitude, after the 1e-8 that torch-cam adds to each map's
range is taken away. (pytorch-grad-cam enlarges maps with align_corners and scales them afterwards.) Ablation-CAM is checked
against pytorch-grad-cam to 1e-5, because it rounds scores to float32, and where the layer has a zero: elsewhere it sets a
channel to the least value minus 1e7 instead of zero. RISE's random numbers are computed here from Philox's definition.
generate.py runs first: it empties data/.
"""

import pathlib
import sys

import numpy as np
import pytorch_grad_cam
import torch
from safetensors.numpy import load_file, save_file
from torch import nn
from torch.nn import functional as F
from torchcam.methods import ScoreCAM

import networks
from definitions import value
from generate import channels_last, difference, largest, random_images, randomise
from smooth import philox

DATA = pathlib.Path(__file__).parent / "data"
CLASS, SEED, MASK = 2, 2**33 + 5, 3  # MASK: random_use::mask of core/philox.hpp


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        return x + self.conv2(self.conv1(x).relu())


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.block, self.joined = nn.Conv2d(2, 4, 3), Block(), nn.ReLU()
        self.last, self.features, self.fc = nn.Conv2d(4, 3, 2), nn.ReLU(), nn.Linear(36, 5)

    def forward(self, x):
        x = self.joined(self.block(self.stem(x).relu()))
        return self.fc(self.features(self.last(x)).flatten(1))


class Outputs(nn.Module):
    """The network followed by the target function, of which torch-cam and pytorch-grad-cam select an output."""

    def __init__(self, net, target):
        super().__init__()
        self.net, self.target = net, target

    def forward(self, x):
        return self.net(x) if self.target == "logit" else self.net(x).softmax(dim=1)


def maps_of(net, layer, x):
    """What a layer returns."""
    found = []
    with layer.register_forward_hook(lambda module, inputs, output: found.append(output.detach())):
        net(x)
    return found[0]


def replaced(net, layer, maps, x):
    """The scores if a layer returned these maps."""
    with layer.register_forward_hook(lambda module, inputs, output: maps):
        return net(x)


def weighed(maps, weights, relu):
    map = (weights[:, :, None, None] * maps).sum(dim=1, keepdim=True)
    return map.clamp(min=0) if relu else map


def score_cam(net, layer, x, target, relu):
    maps = maps_of(net, layer, x)
    scores = torch.empty(maps.shape[:2])
    for n, image in enumerate(maps):
        for k, map in enumerate(image):
            span = map.max() - map.min()
            mask = (map - map.min()) / span if span > 0 else torch.zeros_like(map)
            mask = F.interpolate(mask[None, None], x.shape[2:], mode="bilinear", align_corners=False)
            scores[n, k] = value(target, net(x[n : n + 1] * mask), [CLASS])
    return weighed(maps, scores.softmax(dim=1), relu)


def ablation_cam(net, layer, x, target, relu):
    maps, classes = maps_of(net, layer, x), [CLASS] * len(x)
    before = value(target, net(x), classes)
    weights = torch.empty(maps.shape[:2])
    for k in range(maps.shape[1]):
        without = maps.clone()
        without[:, k] = 0
        weights[:, k] = (before - value(target, replaced(net, layer, without, x), classes)) / before
    return weighed(maps, weights, relu)


def uniforms(sample, first, count):
    """Numbers of a sample's elements, as core/philox.hpp documents them."""
    result = []
    for element in range(first, first + count):
        words = philox([element // 2, sample, 0, MASK], [SEED % 2**32, SEED // 2**32])
        low, high = words[:2] if element % 2 == 0 else words[2:]
        result.append(((high * 2**32 + low) // 2**12 + 0.5) / 2**52)
    return np.array(result)


def rise(net, x, target, samples, cells, kept):
    """The map and its standard error."""
    height, width = x.shape[2:]
    cell = -(-height // cells), -(-width // cells)
    maps = []
    for sample in range(samples):
        numbers = uniforms(sample, 0, cells**2 + 2)
        grid = torch.from_numpy((numbers[:-2] < kept).astype(np.float64)).view(1, 1, cells, cells)
        top, left = (int(u * c) for u, c in zip(numbers[-2:], cell))
        enlarged = F.interpolate(grid, [(cells + 1) * c for c in cell], mode="bilinear", align_corners=False)
        mask = enlarged[:, :, top : top + height, left : left + width]
        values = value(target, net(x * mask), [CLASS] * len(x))
        maps.append(values[:, None, None, None] * mask / kept)
    maps = torch.stack(maps)
    return maps.mean(dim=0), (maps.var(dim=0) / samples).sqrt()


def check_score_cam(net, layer, x, target, ours):
    """Against torch-cam."""
    model = Outputs(net, target)
    normalise = ScoreCAM._normalize
    ScoreCAM._normalize = staticmethod(lambda maps, dims=None: normalise(maps, dims, 1e-300))
    try:
        with ScoreCAM(model, target_layer=layer, input_shape=x.shape[1:]) as cam, torch.no_grad():
            model(x)
            theirs = cam(class_idx=[CLASS] * len(x), normalized=False)[0][:, None]
    finally:
        ScoreCAM._normalize = normalise
    assert difference(theirs, ours) < 1e-11, difference(theirs, ours)


def check_ablation_cam(net, layer, x, target, ours):
    """Against pytorch-grad-cam."""
    model = Outputs(net, target)
    maps = maps_of(net, layer, x)
    assert all(image.min() == 0 for image in maps), "pytorch-grad-cam would not ablate by zero"
    with pytorch_grad_cam.AblationCAM(model=model, target_layers=[layer]) as cam:
        weights = cam.get_cam_weights(x, layer, [lambda z: z[CLASS]] * len(x), maps.numpy(), None)
    theirs = weighed(maps, torch.from_numpy(weights).double(), True)
    assert difference(theirs, ours) < 1e-5, difference(theirs, ours)


def references(name, net, layers, x):
    for where, layer in layers.items():
        for target in ("logit", "probability"):
            for method, ask, check in (("score_cam", score_cam, check_score_cam),
                                       ("ablation_cam", ablation_cam, check_ablation_cam)):
                map = ask(net, layer, x, target, True)
                assert largest(map) > 0
                if method == "score_cam" or isinstance(layer, nn.ReLU):
                    check(net, layer, x, target, map)
                yield f"{name} {method} {where} {target}", map
                if target == "logit":
                    yield f"{name} {method} {where} {target} signed", ask(net, layer, x, target, False)
    for target, samples, cells, kept in (("logit", 6, 7, 0.5), ("probability", 5, 3, 0.3)):
        map, error = rise(net, x, target, samples, cells, kept)
        yield f"{name} rise {target}", map
        yield f"{name} rise {target} error", error


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    arrays = {}

    net = networks.sequential(networks.small()["valid"])
    weights = load_file(DATA / "valid.weights.safetensors")
    net.load_state_dict({k: torch.from_numpy(v).double() for k, v in weights.items()})
    images = load_file(DATA / "valid.maps.safetensors")["images"]
    images = torch.from_numpy(images).double().permute(0, 3, 1, 2)[:2]
    with torch.no_grad():
        arrays |= {k: channels_last(v) for k, v in references("valid", net, {"0": net[0], "3": net[3]}, images)}

    net, images = Residual(), random_images((7, 6, 2), 2, 41)
    randomise(net, 43)
    arrays["residual images"] = channels_last(images)
    arrays |= {f"residual weights {k}": v.numpy().astype(np.float32) for k, v in net.state_dict().items()}
    with torch.no_grad():
        layers = {"joined": net.joined, "features": net.features}
        arrays |= {k: channels_last(v) for k, v in references("residual", net, layers, images)}
    save_file(arrays, DATA / "perturbations.safetensors")


if __name__ == "__main__":
    sys.exit(main())
