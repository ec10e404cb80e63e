# SPDX-License-Identifier: MIT
"""Writes names.txt.gz: the parameters and modules of PyTorch's networks.

A network starts with the first of these lines; the others describe it:
    network NAME SIDE PARAMETERS        # inputs of SIDE x SIDE pixels; the number of trained parameters
    unused PATH                         # a module in weight files that classification does not use
    tensor PATH DIMENSIONS              # in the state_dict, except num_batches_tracked and unused modules
    module PATH HEIGHTxWIDTHxCHANNELS LAYER  # the output of a module that runs once; LAYER is - for a block
"""

import gzip
import pathlib
import warnings
from collections import defaultdict

from torch import nn
from torchvision.ops import Permute, StochasticDepth

import architectures

FILE = pathlib.Path(__file__).parent / "names.txt.gz"
SEVEN_CLASSES = ("resnet18", "vgg11", "squeezenet1_1", "mobilenet_v3_small", "convnext_tiny", "efficientnet_lite0")

LAYERS = {
    nn.Conv2d: "conv2d", nn.BatchNorm2d: "batch_norm", nn.LayerNorm: "layer_norm", nn.Flatten: "flatten",
    nn.MaxPool2d: "max_pool", nn.AvgPool2d: "avg_pool", nn.ReLU6: "relu6", nn.ReLU: "relu", nn.SiLU: "silu",
    nn.Hardswish: "hard_swish", nn.Hardsigmoid: "hard_sigmoid", nn.Sigmoid: "sigmoid", nn.GELU: "gelu"}


def is_of(path, modules):
    return any(path == module or path.startswith(module + ".") for module in modules)


def is_no_module(path, module):
    """Whether to skip a module: a no-op in eval mode, or lite0's activation, which runs in several places."""
    nothing = (nn.Dropout, StochasticDepth, Permute, nn.ZeroPad2d)
    return isinstance(module, nothing) or type(module).__name__ == "Identity" or path.endswith("_swish")


def layer_name(module, output):
    if isinstance(module, nn.Linear):
        return "dense" if output.dim() == 2 else "pointwise"
    if isinstance(module, nn.AdaptiveAvgPool2d):
        return "global_avg_pool" if module.output_size in (1, (1, 1)) else "adaptive_avg_pool"
    return next((name for kind, name in LAYERS.items() if isinstance(module, kind)), "-")


def modules(net, x):
    """Returns pairs of a module's path, and its output's extent and layer's name."""
    seen = defaultdict(list)
    channels_last = []  # not empty between the two permutations of a ConvNeXt block

    def permuted(module, _, output):
        channels_last.append(module) if module.dims == [0, 2, 3, 1] else channels_last.clear()

    def note(path):
        def hook(module, _, output):
            dims = [*output.shape[1:], 1, 1]
            height, width, channels = dims[:3] if channels_last else (dims[1], dims[2], dims[0])
            seen[path].append(f"{height}x{width}x{channels} {layer_name(module, output)}")
        return hook

    for path, module in net.named_modules():
        if isinstance(module, Permute):
            module.register_forward_hook(permuted)
        elif path and not is_no_module(path, module):
            module.register_forward_hook(note(path))
    net(x)
    return [(path, outputs[0]) for path, outputs in seen.items() if len(outputs) == 1]


def lines(title, name, **options):
    net, x = architectures.skeleton(name, **options)
    unused = architectures.UNUSED.get(name, ())
    trained = sum(p.numel() for path, p in net.named_parameters() if not is_of(path, unused))
    yield f"network {title} {x.shape[2]} {trained}"
    for path in unused:
        yield f"unused {path}"
    for path, tensor in net.state_dict().items():
        if not path.endswith("num_batches_tracked") and not is_of(path, unused):
            yield f"tensor {path} {'x'.join(map(str, tensor.shape))}"
    for path, about in modules(net, x):
        yield f"module {path} {about}"


def main():
    warnings.filterwarnings("ignore")
    text = []
    for name in architectures.constructors():
        text += lines(name, name)
    for name in SEVEN_CLASSES:
        text += lines(f"{name}_of_7_classes", name, num_classes=7)
    with gzip.GzipFile(FILE, "wb", mtime=0) as file:
        file.write(("\n".join(text) + "\n").encode())
    print(f"{len(text)} lines in {FILE.stat().st_size / 1e3:.0f} kB")


main()
