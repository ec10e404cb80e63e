# SPDX-License-Identifier: MIT
"""Computes in JAX what prepare.py has written as a graph: channel-last maps, filters in the order HWIO."""

import json

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from safetensors.numpy import load_file


def load(graph_file, weights_file):
    """The graph; and for each node's name its parameters, in the form that `evaluate` wants."""
    with open(graph_file) as file:
        graph = json.load(file)
    stored, parameters = load_file(weights_file), {}
    for node in graph["nodes"]:
        tensors = {name: stored[key] for name, key in node["tensors"].items()}
        if node["op"] == "conv":
            tensors["weight"] = tensors["weight"].transpose(2, 3, 1, 0)
        elif node["op"] == "linear":
            tensors["weight"] = tensors["weight"].T
        elif node["op"] == "batch_norm":
            scale = tensors["weight"] / np.sqrt(tensors["running_var"] + np.float32(node["epsilon"]))
            tensors = {"scale": scale, "shift": tensors["bias"] - tensors["running_mean"] * scale}
        if tensors:
            parameters[node["name"]] = {name: jnp.asarray(tensor) for name, tensor in tensors.items()}
    return graph, parameters


def windows(x, node, start, combine):
    padding = [(p, p) for p in node.get("padding", (0, 0))]
    return lax.reduce_window(x, start, combine, (1, *node["kernel"], 1), (1, *node["stride"], 1), [(0, 0), *padding, (0, 0)])


def conv(node, p, x):
    y = lax.conv_general_dilated(x, p["weight"], node["stride"], [(n, n) for n in node["padding"]],
                                 dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=node["groups"])
    return y + p["bias"] if "bias" in p else y


def adaptive_avg_pool(node, p, x):
    if node["size"] == list(x.shape[1:3]):
        return x
    assert node["size"] == [1, 1], "pooled to another size than 1x1"
    return x.mean((1, 2), keepdims=True)


OPERATIONS = {
    "conv": conv,
    "batch_norm": lambda node, p, x: x * p["scale"] + p["shift"],
    "linear": lambda node, p, x: x @ p["weight"] + p["bias"],
    "max_pool": lambda node, p, x: windows(x, node, -jnp.inf, lax.max),
    "avg_pool": lambda node, p, x: windows(x, node, 0.0, lax.add) / np.prod(node["kernel"]),
    "adaptive_avg_pool": adaptive_avg_pool,
    "relu6": lambda node, p, x: jax.nn.relu6(x),
    "silu": lambda node, p, x: jax.nn.silu(x),
    "sigmoid": lambda node, p, x: jax.nn.sigmoid(x),
    "flatten": lambda node, p, x: x.transpose(0, 3, 1, 2).reshape(x.shape[0], -1),  # the order of PyTorch's features
    "add": lambda node, p, x, y: x + y,
    "multiply": lambda node, p, x, y: x * y,
    "concat": lambda node, p, *x: jnp.concatenate(x, -1),
}


def evaluate(graph, parameters, x, first, last, relu=jax.nn.relu):
    """The value of node `last`, where x is that of `first`, which all paths from the image to `last` cross."""
    values = {first: x}
    for node in graph["nodes"]:
        if not all(name in values for name in node["inputs"]):
            continue  # it lies before `first`
        x = [values[name] for name in node["inputs"]]
        p = parameters.get(node["name"], {})
        values[node["name"]] = relu(*x) if node["op"] == "relu" else OPERATIONS[node["op"]](node, p, *x)
        if node["name"] == last:
            return values[last]
    raise ValueError(f"no path leads from {first} to {last}")
