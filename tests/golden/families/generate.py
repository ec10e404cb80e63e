# SPDX-License-Identifier: MIT
"""Writes references.json.gz: what PyTorch's networks give and how every method explains it, in float64.

Weights and image are those of formula.py. Each network is run at a small, oblong size with all methods, and at the
size that it was trained on for its scores alone; of the graphs of graphs.py all values are kept. With names as
arguments it makes these anew and keeps the others.
"""

import gzip
import json
import pathlib
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
sys.path += [str(HERE.parent), str(HERE.parent.parent / "networks")]

import architectures
import formula
import graphs
import methods

FILE = HERE / "references.json.gz"
STEPS = 20  # of integrated gradients
# A ReLU or a max-pool's choice that rounding turns moves a map by up to this, and which ones turn is another matter on each
# machine. A few images in float32 do not find them all.
LEAST_DOUBT = 2.5e-3

# The module that Grad-CAM looks at besides its default, by the family's name or its beginning.
INNER_LAYER = {
    "resnet20": "layer2", "resnet": "layer2", "wide_resnet": "layer2", "resnext": "layer2", "alexnet": "features.8",
    "vgg": "features.10", "squeezenet": "features.7", "densenet": "features.denseblock2", "googlenet": "inception4c",
    "inception": "Mixed_6b", "mobilenet": "features.5", "mnasnet": "layers.10", "shufflenet": "stage3",
    "efficientnet_lite": "_blocks.5", "efficientnet": "features.4", "regnet": "trunk_output.block2",
    "convnext": "features.3"}

# Where 64 x 80 will not do: Inception needs more; Lite0 has the padding of 224 x 224 at any size, which is SAME's as long
# as sizes stay even.
SMALL_SIZE = {"inception_v3": (96, 112, 3), "efficientnet_lite0": (64, 96, 3)}


@dataclass
class Case:
    make: Callable
    size: tuple  # height, width, channels
    inner_layer: str
    whole_maps: bool = False
    own_side: int | None = None  # of the size that it was trained on, if that is another one


def cases():
    """By name."""
    result = {}
    for name, (make, side) in architectures.constructors().items():
        inner = next(path for beginning, path in INNER_LAYER.items() if name.startswith(beginning))
        small = SMALL_SIZE.get(name, (64, 80, 3))
        result[name] = Case(make, (side, side, 3), inner) if side == 32 else Case(make, small, inner, own_side=side)
    for name, (make, size, inner) in graphs.constructors().items():
        result[name] = Case(make, size, inner, whole_maps=True)
    return result


def image(size):
    return torch.from_numpy(formula.image(*size)).permute(2, 0, 1)[None].contiguous()


def with_formula(make, size):
    """The network in float64; and for each running variance an exponent of 2 near what its layer sees, so that signals
    stay near 1 as in trained networks."""
    net = make().double().eval().requires_grad_(False)
    for name, tensor in net.state_dict().items():
        if tensor.is_floating_point():
            tensor.copy_(torch.from_numpy(formula.parameter(name, tuple(tensor.shape))))
    exponents = {}

    def note(path):
        def hook(module, inputs):
            name = path + ".running_var"
            exponents[name] = int(np.round(np.log2(inputs[0].var().item())))
            variances = formula.parameter(name, tuple(module.running_var.shape), exponents[name])
            module.running_var.copy_(torch.from_numpy(variances))
        return hook

    hooks = [m.register_forward_pre_hook(note(path)) for path, m in net.named_modules()
             if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d))]
    with methods.Ruled():
        net(image(size))
    for hook in hooks:
        hook.remove()
    return net, exponents


def digest(values, whole):
    return formula.digest(values) | ({"values": values.reshape(-1).tolist()} if whole else {})


def scores(net, size, whole=False):
    z = methods.forward(net, image(size))[0]
    return {"scores": digest(z[0].detach().numpy()[None, None], whole)}, int(z.argmax())


def distance(a, b):
    return ((a - b).norm() / max(b.norm().item(), 1e-300)).item()


def nearby(x, count):
    """Images in float32 that differ from x by a few roundings."""
    generator = torch.Generator().manual_seed(0)
    return [(x * (1 + 2.0**-21 * (2 * torch.rand(x.shape, generator=generator) - 1))).float() for _ in range(count)]


def own_scores(make, size):
    """At the size of the weights. It has exponents of its own: with another size's, signals may grow."""
    net, exponents = with_formula(make, size)
    z = methods.forward(net, image(size))[0]
    net.float()
    doubt = max(distance(methods.forward(net, x)[0].double(), z) for x in nearby(image(size), 3))
    return {"exponents": exponents,
            "scores": digest(z[0].numpy()[None, None], False) | {"float32_doubt": float(f"{doubt:.1e}")}}


def questions(c, inner_layer):
    return {
        "gradients": lambda *at: methods.gradient(*at, c),
        "integrated_gradients": lambda *at: methods.integrated_gradients(*at, c, STEPS),
        "guided_backprop": lambda *at: methods.gradient(*at, c, "guided"),
        "deconvolution": lambda *at: methods.gradient(*at, c, "deconv"),
        "grad_cam": lambda *at: methods.grad_cam(*at, c),
        "grad_cam_inside": lambda *at: methods.grad_cam(*at, c, inner_layer),
    }


def maps(case, net, c):
    """Each map's digest, and how far from it float32 may be: PyTorch's own maps in float32, of images that differ by
    a few roundings. A gradient jumps where a ReLU's input passes zero, and rounding decides the side."""
    x = image(case.size)
    exact = {key: ask(net, x) for key, ask in questions(c, case.inner_layer).items()}
    net.float()
    near = nearby(x, 12)
    for key, ask in questions(c, case.inner_layer).items():
        map = exact[key]
        assert torch.isfinite(map).all() and map.norm() > 0, key
        integrated = key == "integrated_gradients"
        doubt = max(distance(ask(net, y).double(), map) for y in (near[:3] if integrated else near))
        doubt = max(doubt, 0 if case.whole_maps else LEAST_DOUBT)
        values = np.ascontiguousarray(map[0].permute(1, 2, 0).numpy())
        yield key, digest(values, case.whole_maps) | {"float32_doubt": float(f"{doubt:.1e}")}
    net.double()


def reference(case):
    net, exponents = with_formula(case.make, case.size)
    entry, c = scores(net, case.size, case.whole_maps)
    entry |= dict(maps(case, net, c)) | {"class": c, "exponents": exponents}
    result = {"{}x{}".format(*case.size): entry}
    if case.own_side:
        result[f"{case.own_side}x{case.own_side}"] = own_scores(case.make, (case.own_side, case.own_side, 3))
    return result


def main(names):
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    all = json.loads(gzip.decompress(FILE.read_bytes())) if names and FILE.exists() else {}
    for name in names or cases():
        start = time.time()
        all[name] = reference(cases()[name])
        small = next(v for k, v in all[name].items() if "class" in v)
        print(f"{name}: scores to {small['scores']['largest']:.2g},",
              *(f"{k} {v['norm']:.2g} ({v['float32_doubt']:.0e})" for k, v in small.items()
                if k not in ("scores", "class", "exponents")), f"{time.time() - start:.0f} s", flush=True)
        text = json.dumps(dict(sorted(all.items())), separators=(",", ":"))
        FILE.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{len(all)} networks in {FILE.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
