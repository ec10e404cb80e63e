# SPDX-License-Identifier: MIT
"""Writes the references in data/ and manifest.json: weights, images, scores and saliency maps.

A map is captum's or pytorch-grad-cam's, checked against the definition to 1e-11 of its largest magnitude. Where the
library lacks the method or departs from the definition, the map is the definition's, and the manifest says why and how
far the library's is from it.
Everything is computed in float64 from weights and images that are exact in float32.
"""

import itertools
import json
import pathlib
import sys
import warnings

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch
from torch import nn

import by_captum
import by_pytorch_grad_cam
import definitions
import mnist
import networks
from cases import cases, fewer

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
DATA = HERE / "data"
FLOAT32_TOLERANCE = 1e-4  # as in compare.hpp


def largest(map):
    return map.abs().max().item()


def difference(a, b):
    """Largest difference relative to the largest magnitude of b."""
    return (a - b).abs().max().item() / max(largest(b), 1e-300)


def randomise(net, seed):
    """Sets weights that keep activations near 1, and small nonzero biases, all exact in float32."""
    generator = torch.Generator().manual_seed(seed)
    for name, p in net.named_parameters():
        fan_in = 20 if name.endswith("bias") else p[0].numel()
        noise = torch.rand(p.shape, generator=generator, dtype=torch.float32) * 2 - 1
        p.data = (noise * (3 / fan_in) ** 0.5).double()


def random_images(shape, batch, seed):
    generator = torch.Generator().manual_seed(seed)
    height, width, channels = shape
    return (torch.rand(batch, channels, height, width, generator=generator, dtype=torch.float32) * 2 - 1).double()


def channels_last(x):
    return np.ascontiguousarray(x.detach().permute(0, 2, 3, 1).numpy())


def describe(method, target, classes, options):
    about = ",".join(map(str, classes)) or "predicted"
    return " ".join([method, f"{target}({about})", *(f"{k}={v}".lower() for k, v in options.items())])


def reference(net, x, method, target, classes, options):
    """Returns (map, its origin for the manifest)."""
    expected = getattr(definitions, method)(net, x, target, classes, **options)
    by, package = by_captum, "captum.attr"
    if method in by_pytorch_grad_cam.CLASSES:
        by, package = by_pytorch_grad_cam, "pytorch_grad_cam"
    try:
        name, map = by.attribution(net, x, method, target, classes, options)
    except by_captum.Lacking as why:
        origin = {"source": "autograd", "why": str(why)}
        if why.deviates is not None:
            origin["differs_by"] = float(f"{difference(why.deviates, expected):.1e}")
        return expected, origin
    assert map.shape == expected.shape and difference(map, expected) < 1e-11, (method, target, classes, options)
    return map, {"source": f"{package}.{name}"}


def float32_doubt(net, map, ask):
    """Returns how far apart float32 runs can be, relative to the map's largest magnitude.

    A gradient jumps where a ReLU's input crosses zero or two inputs of a max-pool are equal. If an image, or a point on
    the path of integrated gradients, is within float32's rounding of such a jump, rounding decides the side, in any
    library. This is measured by perturbing each layer's sums as rounding would: by up to 2^-22 of the largest, equal
    sums equally, and zeros not at all.
    """

    def round_sums(phase):
        def hook(module, inputs, sums):
            scale = sums.detach().abs().max() + 1e-30
            return sums + 2.0**-22 * scale * torch.sin(1e8 * sums.detach() / scale + phase) * (sums != 0)

        return hook

    worst = 0.0
    for phase in range(6):
        hooks = [m.register_forward_hook(round_sums(phase)) for m in net if isinstance(m, (nn.Conv2d, nn.Linear))]
        worst = max(worst, difference(ask(), map))
        for hook in hooks:
            hook.remove()
    return worst


def references(name, weights, net, x, layers, baselines, questions=cases):
    """Returns the manifest's entry and its tensors."""
    z = definitions.without_softmax(net)(x).detach()
    count, predicted = z.shape[1], z.argmax(dim=1).tolist()
    each = [(n * 2 + 1) % count for n in range(len(x))]
    tensors = {"images": channels_last(x).astype(np.float32), "scores": z.numpy()}
    entries = []
    for method, target, classes, options in questions(net, layers, count - 1, each):
        key = describe(method, target, classes, options)
        chosen = predicted if not classes else classes * len(x) if len(classes) == 1 else classes
        entry = {"map": key, "method": method, "target": target, "classes": classes, "options": options}
        start = options.get("baseline")
        asked = options
        if method in ("integrated_gradients", "layer_conductance", "internal_influence"):
            at = baselines[start] if isinstance(start, str) else torch.full_like(x, start)
            if isinstance(start, str):
                tensors[f"baseline {start}"] = channels_last(at).astype(np.float32)
            at = at.expand_as(x)
            scores = definitions.without_softmax(net)(at)
            if method != "internal_influence":  # the others change as much as the score does
                entry["baseline_values"] = definitions.value(target, scores, chosen).tolist()
            asked = options | {"baseline": at}
        map, origin = reference(net, x, method, target, chosen, asked)
        doubt = float32_doubt(net, map, lambda: getattr(definitions, method)(net, x, target, chosen, **asked))
        if doubt > FLOAT32_TOLERANCE / 2:
            entry["float32_doubt"] = float(f"{doubt:.1e}")
        entry["values"] = definitions.value(target, z, chosen).tolist()
        assert key not in tensors and torch.isfinite(map).all(), key
        tensors[key] = channels_last(map)
        entries.append(entry | origin | ({} if largest(map) > 0 else {"zero": True}))
    return {"network": name, "weights": weights, "maps": entries}, tensors


def small_networks():
    for seed, (name, network) in enumerate(networks.small().items(), start=1):
        net = networks.sequential(network)
        randomise(net, seed)
        weights = f"tests/golden/data/{name}.weights.safetensors"
        save_torch({k: v.float() for k, v in net.state_dict().items()}, ROOT / weights)
        x = random_images(network.input, network.batch, 100 + seed)
        baselines = {"image": random_images(network.input, 1, 200 + seed),
                     "images": random_images(network.input, network.batch, 300 + seed)}
        yield references(name, weights, net, x, network.layers, baselines)


def classifiers():
    for name, network in mnist.classifiers().items():
        x = mnist.images(mnist.DIGITS).double()
        baselines = {"image": mnist.images([1]).double()}
        net = networks.with_ties(mnist.load(name, network).double())
        yield references(name, mnist.weights_path(name), net, x, network.layers, baselines, fewer)


def write(manifest):
    """JSON with one line per map."""
    blocks = []
    for entry in manifest:
        maps = ",\n".join("      " + json.dumps(m) for m in entry["maps"])
        blocks.append(f'  {{"network": "{entry["network"]}", "weights": "{entry["weights"]}", "maps": [\n{maps}\n    ]}}')
    (HERE / "manifest.json").write_text("[\n" + ",\n".join(blocks) + "\n]\n")


def main():
    warnings.filterwarnings("ignore", message="Setting backward hooks on ReLU")
    warnings.filterwarnings("ignore", message="Input Tensor 0 did not already require gradients")
    torch.set_default_dtype(torch.float64)  # captum computes its quadrature in this precision
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    DATA.mkdir(exist_ok=True)
    for old in DATA.iterdir():
        old.unlink()
    manifest = []
    for entry, tensors in itertools.chain(small_networks(), classifiers()):
        name, maps = entry["network"], entry["maps"]
        save_file(tensors, DATA / f"{name}.maps.safetensors")
        manifest.append(entry)
        ours = sum(m["source"] == "autograd" for m in maps)
        print(f"{name}: {len(maps)} maps, {len(maps) - ours} by others, {ours} by definition")
    write(manifest)
    size = sum(f.stat().st_size for f in DATA.iterdir()) + (HERE / "manifest.json").stat().st_size
    print(f"{sum(len(e['maps']) for e in manifest)} maps in {size / 1e6:.2f} MB")


if __name__ == "__main__":
    sys.exit(main())
