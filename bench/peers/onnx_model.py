# SPDX-License-Identifier: MIT
"""python onnx_model.py NETWORK.json NETWORK.safetensors NETWORK.onnx: writes prepare.py's graph as an ONNX model, for any
number of images (N, C, H, W)."""

import json
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from safetensors.numpy import load_file

import cases


def attributes(node):
    """ONNX's operator for a node, its attributes and the names of its parameters."""
    op = node["op"]
    if op == "conv":
        return "Conv", {"strides": node["stride"], "pads": node["padding"] * 2, "group": node["groups"]}, ("weight", "bias")
    if op == "batch_norm":
        return "BatchNormalization", {"epsilon": node["epsilon"]}, ("weight", "bias", "running_mean", "running_var")
    if op == "linear":
        return "Gemm", {"transB": 1}, ("weight", "bias")
    if op in ("max_pool", "avg_pool"):
        kind = "MaxPool" if op == "max_pool" else "AveragePool"
        return kind, {"kernel_shape": node["kernel"], "strides": node["stride"], "pads": node.get("padding", [0, 0]) * 2}, ()
    simple = {"relu": "Relu", "sigmoid": "Sigmoid", "flatten": "Flatten", "add": "Add", "multiply": "Mul"}
    if op == "concat":
        return "Concat", {"axis": 1}, ()
    return simple[op], {}, ()


def model(network, graph, weights):
    """A pool to 7x7 is left out: of images of 224x224, maps are of that size already."""
    nodes, initializers, stands_for = [], [], {}

    def constant(name, value):
        initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    for node in graph["nodes"]:
        given, name = [stands_for.get(each, each) for each in node["inputs"]], node["name"]
        if node["op"] == "adaptive_avg_pool" and node["size"] != [1, 1]:
            stands_for[name] = given[0]
        elif node["op"] == "adaptive_avg_pool":
            nodes.append(helper.make_node("GlobalAveragePool", given, [name]))
        elif node["op"] == "relu6":
            bounds = [constant(f"{name}.low", np.float32(0)), constant(f"{name}.high", np.float32(6))]
            nodes.append(helper.make_node("Clip", [given[0], *bounds], [name]))
        elif node["op"] == "silu":
            nodes.append(helper.make_node("Sigmoid", given, [f"{name}.sigmoid"]))
            nodes.append(helper.make_node("Mul", [given[0], f"{name}.sigmoid"], [name]))
        else:
            kind, how, parameters = attributes(node)
            tensors = [constant(key, weights[key]) for p in parameters if (key := node["tensors"].get(p))]
            nodes.append(helper.make_node(kind, [*given, *tensors], [name], **how))
    height, width, channels = cases.INPUTS[network]
    told = [helper.make_tensor_value_info(graph["image"], TensorProto.FLOAT, ["N", channels, height, width])]
    asked = [helper.make_tensor_value_info(graph["scores"], TensorProto.FLOAT, None)]
    whole = helper.make_graph(nodes, "network", told, asked, initializers)
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def main():
    graph_file, weights_file, file = sys.argv[1:]
    with open(graph_file) as stored:
        graph = json.load(stored)
    network = graph_file.rsplit("/", 1)[-1].removesuffix(".json")
    save(model(network, graph, load_file(weights_file)), file)


main()
