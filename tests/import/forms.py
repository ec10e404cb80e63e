# SPDX-License-Identifier: MIT
"""Networks that write the same things in the many ways that ONNX allows."""

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import chains
from writer import Graph, weight_values

LARGEST = np.iinfo(np.int64).max


def clip_forms(opset):
    """Bounds as attributes, as initialisers, in nodes, or left out."""
    g = Graph(opset, weights="node" if opset > 11 else "initialiser")
    g.conv("conv", 4, 3)
    if opset < 11:
        g.node("Clip", min=0.0, max=6.0)
        g.node("Clip", max=4.0)
    else:
        g.node("Clip", None, g.number(0), g.number(6))
        g.node("Clip", None, "", g.number(4))
        g.node("Clip", None, g.number(0.5))
    g.head(4)
    return g


def min_max():
    g = Graph(13)
    g.conv("conv", 4, 3)
    g.node("Max", None, g.number(0))
    g.node("Min", None, g.number(6))
    g.head(4)
    return g


def hard_sigmoids():
    """With the defaults, with Keras' and with PyTorch's numbers."""
    g = Graph(13)
    g.conv("conv", 4, 3)
    g.node("HardSigmoid")
    g.conv("conv2", 4, 4)
    g.node("HardSigmoid", alpha=1 / 6, beta=0.5)
    g.conv("conv3", 4, 4, 1)
    g.node("HardSigmoid", alpha=0.2, beta=0.5)
    g.head(4)
    return g


def concat_vectors():
    """Two flattened maps of different sizes, and a vector."""
    g = Graph(13)
    x = g.conv("conv", 4, 3)
    flat = g.node("Flatten")
    pooled = g.node("Flatten", g.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2]))
    mean = g.node("Flatten", g.node("GlobalAveragePool", x))
    g.node("Concat", flat, mean, pooled, axis=1)
    g.node("Gemm", None, g.weight("fc.weight", 3, 124), g.weight("fc.bias", 3), transB=1)
    return g


def gemm_forms():
    """Weights as they are or transposed, factors, a bias of one row, and none."""
    g = Graph(13)
    g.node("Flatten")
    g.node("Gemm",
           None,
           g.weight("a", 144, 6),
           g.constant("a.bias", weight_values("a.bias", (1, 6))),
           alpha=0.5,
           beta=2.0)
    g.node("Relu")
    g.node("Gemm", None, g.weight("b", 5, 6), transB=1)
    g.node("Relu")
    g.node("MatMul", None, g.weight("c", 5, 4))
    g.node("Add", g.weight("c.bias", 4), g.last)
    g.node("Gemm", None, g.weight("d", 3, 4), "", transB=1)
    return g


def moves_nothing():
    """What a file may hold and a network need not."""
    g = Graph(13, weights="initialiser")
    g.node("Identity")
    g.node("Cast", to=TensorProto.FLOAT)
    g.node("Pad", None, g.integers(*[0] * 8))
    g.conv("conv", 4, 3)
    g.node("Transpose", perm=[0, 1, 2, 3])
    g.node("MaxPool", kernel_shape=[1, 1])
    g.node("Unsqueeze", None, g.integers(0))
    g.node("Squeeze", None, g.integers(0))
    g.node("Reshape", None, g.integers(0, 0, 0, 0))
    g.node("Dropout", None, g.number(0.5))
    g.node("Relu")
    g.node("Relu")
    g.node("Add", None, g.number(0))
    g.node("Mul", None, g.number(1))
    g.node("Concat", axis=1)
    g.node("Sum")
    g.node("Slice", None, g.integers(0), g.integers(LARGEST), g.integers(1))
    g.node("Transpose", g.node("Transpose", perm=[0, 2, 3, 1]), perm=[0, 3, 1, 2])
    y = g.last
    g.node("Sigmoid")  # nobody reads it
    g.weight("unused", 3)
    g.last = y
    g.head(4)
    return g


def reshapes():
    """A map made a vector in five steps."""
    g = Graph(13)
    g.conv("conv", 4, 3)
    g.node("Reshape", None, g.integers(0, 4, -1))
    g.node("Unsqueeze", None, g.integers(2))
    g.node("Squeeze", None, g.integers(2))
    g.node("Reshape", None, g.integers(0, -1))
    g.node("Gemm", None, g.weight("fc.weight", 3, 96), transB=1)
    return g


def slices(opset):
    """The middle channels, and every other row backwards from the end of the map's left part."""
    g = Graph(opset)
    g.conv("conv", 4, 3, pads=[1, 1, 1, 1])
    if opset < 10:
        g.node("Slice", axes=[1], starts=[1], ends=[-1])
        g.node("Slice", starts=[0, 0, 1, 2], ends=[1, 2, LARGEST, 7])
    else:
        g.node("Slice", None, g.integers(1), g.integers(-1), g.integers(1))
        g.node("Slice", None, g.integers(1, -6), g.integers(LARGEST, 7), g.integers(2, 3), g.integers(1, 2))
    g.head(2)
    return g


def pads(opset):
    g = Graph(opset, 8)
    if opset < 11:
        g.node("Pad", mode="constant", pads=[0, 0, 1, 2, 0, 0, 0, 1])
    elif opset < 18:
        g.node("Pad", None, g.integers(0, 0, 1, 2, 0, 0, 0, 1), "")
    else:
        g.node("Pad", None, g.integers(1, 2, 0, 1), "", g.integers(2, -1))
    g.conv("conv", 4, 3, strides=[2, 2])
    g.head(4)
    return g


def means(opset):
    g = Graph(opset, 8)
    g.conv("conv", 4, 3)
    x = g.last
    gate = g.node("ReduceMean", x, g.integers(-2, 3), keepdims=1) if opset > 17 else g.node(
        "ReduceMean", x, axes=[-1, -2])
    g.node("Add", x, g.node("Sigmoid", gate))
    g.node("GlobalMaxPool")
    g.node("Flatten", axis=1)
    g.node("Gemm", None, g.weight("fc.weight", 3, 4), transB=1)
    return g


def prelus():
    g = Graph(13)
    g.conv("conv", 4, 3)
    g.node("PRelu", None, g.constant("slopes", weight_values("slopes", (4, 1, 1)) / 4))
    g.conv("conv2", 4, 4)
    g.node("PRelu", None, g.constant("slope", np.full(1, 0.25, np.float32)))
    g.node("LeakyRelu")
    g.node("Elu")
    g.node("Softplus")
    g.head(4)
    return g


def constants():
    """All that a Constant node may hold; and a weight that is computed."""
    g = Graph(13)
    g.conv("conv", 4, 3)
    g.nodes.append(helper.make_node("Constant", [], ["three"], value_float=3.0))
    g.nodes.append(helper.make_node("Constant", [], ["four"], value_floats=[0.5, 1.0, 1.5, 2.0]))
    g.nodes.append(helper.make_node("Constant", [], ["shape"], value_ints=[4, 1, 1]))
    g.nodes.append(helper.make_node("Constant", [], ["one"], value_int=1))
    x = g.node("Add", g.last, "three")
    g.node("Mul", x, g.node("Reshape", "four", "shape"))
    g.node("Softmax", axis=1)
    scores = g.head(4)
    count = g.node("Concat", g.node("Unsqueeze", "one", g.integers(0)), g.integers(-1), axis=0)
    g.node("Reshape", scores, count)
    return g


def shared_weights():
    """Identity of weights, and one weight for two convolutions."""
    g = Graph(13)
    kernel = g.weight("conv.weight", 3, 3, 3, 3)
    g.node("Conv", "input", kernel, g.weight("conv.bias", 3), pads=[1, 1, 1, 1])
    x = g.node("Relu")
    copied = g.node("Identity", kernel)
    g.node("Conv", x, copied, g.node("Identity", "conv.bias"), pads=[1, 1, 1, 1])
    g.node("Conv", None, kernel, "", pads=[1, 1, 1, 1])
    g.head(3)
    return g


def odd_names():
    """Names that are no identifiers, keywords, one the same as another once that is mended, and none."""
    g = Graph(13)
    names = iter(("class", "1", "a/b:0", "a_b_0", 'say "quoted" \\', "ünïcode", "for all", "a.b.0", "int",
                  "_", "...", "x\ty"))
    for i, (filters, inputs) in enumerate(((4, 3), (3, 4), (4, 3), (3, 4))):
        weights = g.weight(next(names), filters, inputs, 1, 1), g.weight(next(names), filters)
        g.node("Conv", g.last, *weights, name=("for", "while", "", "namespace salient { }")[i])
        g.node("Relu", name="/" * (i + 1) + "relu")
    x = g.last
    g.nodes[-1].output[0] = g.last = "template<class T> */"
    g.nodes[-1].name = "*/ int main() {"
    assert x != g.last
    g.conv("conv", 4, 3, 1)
    g.head(4)
    return g


def typed(kind):
    """Weights of another type, which a Cast makes float."""
    g = Graph(13, 8)

    def cast(name, *shape):
        return g.node("Cast", g.weight(name, *shape, type=kind), to=TensorProto.FLOAT)

    weights = cast("conv.weight", 4, 3, 3, 3), cast("conv.bias", 4)
    g.node("Conv", "input", *weights)
    x = g.node("Relu")
    weights = cast("fc.weight", 3, 96), cast("fc.bias", 3)
    g.node("Gemm", g.node("Flatten", x), *weights, transB=1)
    return g


def float16():
    """All of it, between two Casts."""
    g = Graph(13, 8)
    g.node("Cast", to=TensorProto.FLOAT16)
    x = g.node("Conv", g.last, g.weight("conv.weight", 4, 3, 3, 3, type=np.float16),
               g.weight("conv.bias", 4, type=np.float16))
    g.node("Relu", x)
    g.node("Flatten")
    g.node("Gemm",
           None,
           g.weight("fc.weight", 3, 96, type=np.float16),
           g.weight("fc.bias", 3, type=np.float16),
           transB=1)
    g.node("Cast", to=TensorProto.FLOAT)
    return g


def in_fields(kind):
    """Numbers in the fields of their type, one by one, and not as bytes."""
    g = typed(kind)
    for i, tensor in enumerate(g.initialisers):
        values = numpy_helper.to_array(tensor)
        if kind == np.float16:
            values = values.view(np.uint16)
            g.initialisers[i] = TensorProto(name=tensor.name,
                                            data_type=TensorProto.FLOAT16,
                                            dims=tensor.dims,
                                            int32_data=[int(v) for v in values.reshape(-1)])
        else:
            g.initialisers[i] = helper.make_tensor(tensor.name, tensor.data_type, tensor.dims,
                                                   values.reshape(-1).tolist())
    return g


def dequantised_weights():
    """Of 8 bits, a scale for each filter; activations are real numbers."""
    g = Graph(13, 8)
    bytes = np.clip(np.round(weight_values("conv.weight", (4, 3, 3, 3)) * 100), -127, 127).astype(np.int8)
    scales = (np.arange(1, 5) / 100).astype(np.float32)
    weights = g.node("DequantizeLinear",
                     g.constant("conv.weight", bytes),
                     g.constant("scales", scales),
                     g.constant("zeros", np.zeros(4, np.int8)),
                     axis=0)
    g.node("Conv", "input", weights, g.weight("conv.bias", 4))
    g.node("Relu")
    g.head(4)
    return g


def quantised():
    """Activations too. The reference is that of the real numbers."""
    g = Graph(13, 8)

    def pair(x, scale, zero, kind):
        numbers = g.number(scale), g.number(zero, kind)
        return g.node("DequantizeLinear", g.node("QuantizeLinear", x, *numbers), *numbers)

    pair("input", 1 / 128, 128, np.uint8)
    x = g.last
    kernel = np.clip(np.round(weight_values("conv.weight", (4, 3, 3, 3)) * 100), -127, 127).astype(np.int8)
    weights = g.node("DequantizeLinear", g.constant("conv.weight", kernel), g.number(0.01),
                     g.number(0, np.int8))
    bias = g.node("DequantizeLinear", g.constant("conv.bias", np.array([100, -200, 300, 0], np.int32)),
                  g.number(0.001))
    g.node("Conv", x, weights, bias)
    g.node("Relu")
    pair(g.last, 1 / 64, 0, np.uint8)
    g.head(4)
    return g


def graphs():
    kinds = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "double": np.float64}
    return {
        "clip_forms_9": clip_forms(9), "clip_forms_11": clip_forms(11), "clip_forms_13": clip_forms(13),
        "min_max": min_max(), "hard_sigmoids": hard_sigmoids(), "gelu_chains": chains.gelu_chains(), "layer_norm_17":
            chains.layer_norm(True), "layer_norm_unbiased": chains.layer_norm(False), "layer_norm_chains":
                chains.layer_norm_chains(), "response_chains": chains.response_chains(), "branches": chains.branches(),
        "concat_vectors": concat_vectors(), "gemm_forms":
                gemm_forms(), "moves_nothing": moves_nothing(), "reshapes": reshapes(), "slices_9": slices(9),
        "slices_13": slices(13), "pads_9": pads(9), "pads_13": pads(13), "pads_18": pads(18), "means_13":
            means(13), "means_18": means(18), "prelus": prelus(), "constants": constants(), "shared_weights":
                shared_weights(), "odd_names": odd_names(), "float16": float16(), "float_data": in_fields(
                    np.float32), "int32_data": in_fields(np.float16), "double_data": in_fields(np.float64),
        "dequantised_weights": dequantised_weights(), "quantised": quantised(), "external": clip_forms(13)
    } | {f"{name}_weights": typed(kind)
         for name, kind in kinds.items()}


def move_weights(folder, names):
    """Rewrites external.onnx so that its weights are in a second file, one behind the other, as PyTorch does."""
    if names and "external" not in names:
        return
    model = onnx.load(folder / "external.onnx")
    graph = model.graph
    # Only initialisers may be elsewhere.
    constants = [n for n in graph.node if n.op_type == "Constant" and n.attribute[0].t.dims]
    for node in constants:
        tensor = node.attribute[0].t
        tensor.name = node.output[0]
        graph.initializer.append(tensor)
        graph.node.remove(node)
    data = b""
    for tensor in graph.initializer:
        data += b"\0" * (-len(data) % 64)
        for key, value in (("location", "external.onnx.data"), ("offset", len(data)), ("length",
                                                                                       len(tensor.raw_data))):
            tensor.external_data.add(key=key, value=str(value))
        data += tensor.raw_data
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
    (folder / "external.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (folder / "external.onnx.data").write_bytes(data)
