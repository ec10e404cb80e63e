# SPDX-License-Identifier: MIT
"""Networks as tf2onnx, Keras, Paddle, CNTK and Caffe2 write them, and what the format allows besides."""

from onnx import TensorProto

import forms
import references
import writer
from writer import Graph, weight_values

# How far float32 may be away where a network rounds more than that.
TOLERANCE = {"float16": 2e-2, "quantised": 5e-2}
SCALE = {"clip_forms": 8, "min_max": 8, "hard_sigmoids": 8, "gelu_chains": 8}


def tf_head(g, channels, opset13, softmax=True):
    g.node("GlobalAveragePool")
    if opset13:
        g.node("Squeeze", None, g.integers(2, 3))
    else:
        g.node("Squeeze", axes=[2, 3])
    g.dense("dense", channels)
    if softmax:
        g.node("Softmax", axis=1)


def tensorflow(opset, **options):
    g = Graph(opset, nhwc=True, batch="unk__6", prefix="model/", **options)
    g.node("Transpose", perm=[0, 3, 1, 2])
    return g


def tf_squeeze(opset):
    g = tensorflow(opset)
    g.conv("conv", 4, 3, strides=[2, 2], pads=[0, 0, 1, 1])
    g.node("Relu")
    tf_head(g, 4, opset >= 13)
    return g


def tf_pads():
    g = tensorflow(13)
    g.node("Pad", None, g.integers(0, 0, 1, 1, 0, 0, 1, 1), g.number(0))
    g.conv("conv", 4, 3, strides=[2, 2], pads=[0, 0, 0, 0])
    g.node("Relu")
    g.node("Pad", None, g.integers(0, 0, 0, 0, 0, 0, 1, 1))
    g.node("MaxPool", kernel_shape=[2, 2], strides=[1, 1])
    tf_head(g, 4, True)
    return g


def tf_flatten():
    g = tensorflow(12)
    g.conv("conv", 4, 3, pads=[1, 1, 1, 1])
    g.node("Transpose", perm=[0, 2, 3, 1])
    g.node("Reshape", None, g.integers(-1, 192))
    g.dense("dense", 192)
    return g


def tf_mean():
    g = tensorflow(13)
    g.conv("conv", 4, 3)
    g.node("Transpose", perm=[0, 2, 3, 1])
    g.node("Relu")
    g.node("ReduceMean", axes=[1, 2], keepdims=0)
    g.node("MatMul", None, g.constant("dense", weight_values("dense", (3, 4)).T))
    g.node("Sigmoid")
    return g


def hard_swish(g, last):
    """last: the op, and its number, that brings the product back to 1."""
    x = g.last
    g.node("Add", x, g.number(3))
    g.node("Clip", None, g.number(0), g.number(6))
    if last[0] == "before":
        g.node("Mul", None, g.number(1 / 6))
        return g.node("Mul", x, g.last)
    g.node("Mul", x, g.last)
    return g.node("Div", None, g.number(6))


def tf_hard_swish():
    """tf2onnx leaves Transposes around what stands between convolutions."""
    g = tensorflow(13)
    g.conv("conv", 4, 3, pads=[1, 1, 1, 1])
    g.node("Transpose", perm=[0, 2, 3, 1])
    hard_swish(g, "before")
    g.node("Transpose", perm=[0, 3, 1, 2])
    g.conv("conv2", 4, 4)
    hard_swish(g, "before")
    tf_head(g, 4, True, softmax=False)
    return g


def tf_gate():
    g = tensorflow(13)
    y = g.conv("conv", 4, 3)
    g.node("GlobalAveragePool")
    g.node("Squeeze", None, g.integers(2, 3))
    g.node("Reshape", None, g.integers(-1, 4, 1, 1))
    g.conv("down", 2, 4, 1)
    g.node("Relu")
    g.conv("up", 4, 2, 1)
    g.node("Sigmoid")
    g.node("Mul", y, g.last)
    tf_head(g, 4, True)
    return g


def tf_layer_norm():
    """x * a + (beta - mean * a) with a = gamma / sqrt(variance + epsilon), channels last."""
    g = tensorflow(13)
    g.conv("conv", 4, 3)
    x = g.node("Transpose", perm=[0, 2, 3, 1])
    mean = g.node("ReduceMean", x, axes=[3], keepdims=1)
    d = g.node("Sub", x, mean)
    g.node("Mul", d, d)
    g.node("ReduceMean", axes=[3], keepdims=1)
    g.node("Add", None, g.number(1e-3))
    g.node("Sqrt")
    g.node("Reciprocal")
    a = g.node("Mul", None, g.weight("norm.weight", 4))
    moved = g.node("Sub", g.weight("norm.bias", 4), g.node("Mul", mean, a))
    g.node("Add", g.node("Mul", x, a), moved)
    g.node("Transpose", perm=[0, 3, 1, 2])
    tf_head(g, 4, True)
    return g


def tf_norms():
    """Unfused, behind a ReLU and before a convolution; and a depthwise convolution."""
    g = tensorflow(13)
    g.conv("conv", 3, 3, group=3, pads=[1, 1, 1, 1], bias=False)
    g.batch_norm("bn1", 3, epsilon=1e-3)
    g.node("LeakyRelu", alpha=0.2)
    g.batch_norm("bn2", 3, epsilon=1e-3)
    g.conv("conv2", 4, 3, 1)
    tf_head(g, 4, True)
    return g


def auto_pad(how, stride):
    g = Graph(8, 3, weights="input")
    g.conv("conv", 4, 3, auto_pad=how, strides=[stride, stride])
    g.node("Relu")
    g.node("MaxPool", kernel_shape=[2, 2], strides=[1, 1], auto_pad=how)
    g.node("Sigmoid")
    if how == "SAME_UPPER":  # of SAME_LOWER, onnxruntime and onnx think differently
        g.node("AveragePool", kernel_shape=[2, 2], strides=[1, 1], auto_pad=how)
    g.head(4)
    return g


def paddle():
    """Everything in Constant nodes, norms unfused, and a flatten by the shape."""
    g = Graph(11, batch=-1, weights="node")
    g.conv("conv", 4, 3, bias=False, pads=[1, 1, 1, 1])
    g.batch_norm("bn", 4)
    x = hard_swish(g, "after")
    g.node("GlobalAveragePool")
    g.conv("down", 2, 4, 1, bias=False)
    y = g.last
    g.node("Add", y, g.node("Reshape", g.weight("down.bias", 2), g.integers(1, 2, 1, 1)))
    g.node("Relu")
    g.conv("up", 4, 2, 1, bias=False)
    y = g.last
    g.node("Add", y, g.node("Reshape", g.weight("up.bias", 4), g.integers(1, 4, 1, 1)))
    g.node("HardSigmoid", alpha=0.2, beta=0.5)
    x = g.node("Mul", x, g.last)
    g.node("AveragePool", kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 0, 0])
    x = g.last
    g.node("Shape", x)
    g.node("Cast", to=TensorProto.INT32)
    g.node("Slice", None, g.integers(0), g.integers(1), g.integers(0))
    g.node("Cast", to=TensorProto.INT64)
    g.node("Concat", g.last, g.integers(-1), axis=0)
    g.node("Reshape", x, g.last)
    g.dense("fc", 48)
    g.node("Softmax", axis=1)
    g.node("Identity")
    return g


def cntk():
    g = Graph(8, 3, weights="input")
    g.conv("conv", 4, 3, bias=False, auto_pad="SAME_UPPER", dilations=[1, 1], strides=[1, 1])
    g.node("Add", None, g.constant("plus", weight_values("plus.bias", (4, 1, 1))))
    g.node("Relu")
    g.node("MaxPool", kernel_shape=[2, 2], strides=[2, 2], auto_pad="NOTSET", pads=[0, 0, 0, 0])
    x = g.last
    weights = g.node("Reshape", g.weight("times", 4, 3, 4, 3), g.integers(48, 3))
    g.node("MatMul", g.node("Reshape", x, g.integers(1, 48)), weights)
    g.node("Add", None, g.constant("plus2", weight_values("plus2.bias", (1, 3))))
    return g


def caffe2():
    g = Graph(9, 3, weights="input")
    x = g.conv("conv1", 4, 3, pads=[1, 1, 1, 1], strides=[1, 1])
    g.batch_norm("bn", 4, epsilon=1e-5)
    g.node("Mul", None, g.constant("scale", weight_values("scale", (4, 1, 1))))
    g.node("Add", None, g.constant("shift", weight_values("shift.bias", (4, 1, 1))))
    g.node("Relu")
    g.node("Sum", g.last, x)
    g.node("LRN", size=3, alpha=0.01, beta=0.75, bias=1.0)
    g.node("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 2, 2])
    g.node("Dropout", ratio=0.5)
    g.node("AveragePool", kernel_shape=[3, 4], strides=[1, 1])
    g.node("Reshape", None, g.integers(1, 4))
    g.node("Gemm", None, g.weight("fc.weight", 3, 4), g.weight("fc.bias", 3), transB=1)
    g.node("Softmax")
    return g


def graphs():
    return {
        "tf_squeeze_11": tf_squeeze(11), "tf_squeeze_13": tf_squeeze(13), "tf_pads": tf_pads(),
        "tf_flatten": tf_flatten(), "tf_mean": tf_mean(), "tf_hard_swish": tf_hard_swish(),
        "tf_gate": tf_gate(), "tf_layer_norm": tf_layer_norm(), "tf_norms": tf_norms(),
        "same_upper_1": auto_pad("SAME_UPPER", 1), "same_upper_2": auto_pad("SAME_UPPER", 2),
        "same_lower_1": auto_pad("SAME_LOWER", 1), "same_lower_2": auto_pad("SAME_LOWER", 2),
        "valid_2": auto_pad("VALID", 2), "paddle": paddle(), "cntk": cntk(), "caffe2": caffe2()
    }


def write(folder, names):
    entries, cases = [], {}
    for name, graph in (graphs() | forms.graphs()).items():
        if names and name not in names:
            continue
        model, nhwc = graph.model(), graph.nhwc
        file = f"{name}.onnx"
        cases[name] = writer.reference(file, model, nhwc, SCALE.get(name, 1), TOLERANCE.get(name, 2e-5))
        references.save(model, folder / file)
        entries.append({"file": file, "kind": "ok", "case": name})
    forms.move_weights(folder, names)
    return entries, cases
