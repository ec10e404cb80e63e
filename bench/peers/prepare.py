# SPDX-License-Identifier: MIT
"""python prepare.py FOLDER NETWORK...: writes NETWORK.safetensors and NETWORK.json of each.

The weights are random, of the usual scale (He et al. 2015), and biases are 0. Running statistics are those of random
images, so that the values inside the network stay in range.

The graph is what torch.fx traces, as a list of nodes in the order of computation: `op`, the names of the nodes that are
its `inputs`, numbers that it needs, and `tensors`, the names of its parameters.
"""

import json
import operator
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import save_file
from torch import fx, nn
from torch.nn import functional as F
from torchvision.ops import stochastic_depth

import cases
import networks


def fill(network, net):
    random = np.random.default_rng(0)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                shape = tuple(module.weight.shape)
                values = random.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / np.prod(shape[1:])))
                module.weight.copy_(torch.from_numpy(values))
                if module.bias is not None:
                    module.bias.zero_()
        norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
        if not norms:
            return
        for norm in norms:
            norm.momentum = None  # the mean over all that it is shown
            norm.train()
        height, width, channels = cases.INPUTS[network]
        net(torch.from_numpy(random.random((16, channels, height, width), np.float32)))
        net.eval()


def pair(value):
    return list(value) if isinstance(value, tuple) else [value, value]


MODULES = {
    nn.Conv2d: lambda m: {"op": "conv", "stride": pair(m.stride), "padding": pair(m.padding), "groups": m.groups},
    nn.BatchNorm2d: lambda m: {"op": "batch_norm", "epsilon": m.eps},
    nn.Linear: lambda m: {"op": "linear"},
    nn.MaxPool2d: lambda m: {"op": "max_pool", "kernel": pair(m.kernel_size), "stride": pair(m.stride),
                             "padding": pair(m.padding)},
    nn.AvgPool2d: lambda m: {"op": "avg_pool", "kernel": pair(m.kernel_size), "stride": pair(m.stride)},
    nn.AdaptiveAvgPool2d: lambda m: {"op": "adaptive_avg_pool", "size": pair(m.output_size)},
    nn.ReLU: lambda m: {"op": "relu"},
    nn.ReLU6: lambda m: {"op": "relu6"},
    nn.SiLU: lambda m: {"op": "silu"},
    nn.Sigmoid: lambda m: {"op": "sigmoid"},
    nn.Flatten: lambda m: {"op": "flatten"},
    nn.Dropout: lambda m: {"op": "identity"},
}
FUNCTIONS = {
    operator.add: lambda *a: {"op": "add"},
    operator.iadd: lambda *a: {"op": "add"},
    operator.mul: lambda *a: {"op": "multiply"},
    torch.cat: lambda *a: {"op": "concat"},
    torch.flatten: lambda *a: {"op": "flatten"},
    F.adaptive_avg_pool2d: lambda x, size: {"op": "adaptive_avg_pool", "size": pair(size)},
    stochastic_depth: lambda *a, **k: {"op": "identity"},
}


def graph(network, net):
    nodes, last_map, stands_for = [], None, {}
    for node in fx.symbolic_trace(net).graph.nodes:
        if node.op == "placeholder":
            image = node.name
        if node.op == "output":
            return {"image": image, "last_map": last_map, "scores": nodes[-1]["name"], "nodes": nodes}
        if node.op not in ("call_module", "call_function"):
            continue
        if node.op == "call_module":
            module = net.get_submodule(node.target)
            described = MODULES[type(module)](module)
            tensors = {name: f"{node.target}.{name}" for name in module.state_dict() if name != "num_batches_tracked"}
        else:
            described, tensors = FUNCTIONS[node.target](*node.args, **node.kwargs), {}
        inputs = [stands_for.get(each.name, each.name) for each in node.all_input_nodes]
        if described["op"] == "identity":
            stands_for[node.name] = inputs[0]
            continue
        nodes.append({"name": node.name, **described, "inputs": inputs, "tensors": tensors})
        if networks.last_map(network) in node.meta.get("nn_module_stack", {}):
            last_map = node.name


def main():
    folder = pathlib.Path(sys.argv[1])
    for network in sys.argv[2:]:
        net = networks.build(network)
        fill(network, net)
        save_file(net.state_dict(), folder / f"{network}.safetensors")
        (folder / f"{network}.json").write_text(json.dumps(graph(network, net), indent=1) + "\n")


main()
