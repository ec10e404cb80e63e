# SPDX-License-Identifier: MIT
"""Writes ONNX files by hand, and computes what they mean."""

import math

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

import dequantise
import references
from references import formula

SIZE = (6, 8, 3)
FLOATS = {TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE}


class BatchNormalization(OpRun):
    """Of inference. onnx's own takes the image's mean and variance in part, in files of opset 9 to 13."""

    def _run(self, x, weight, bias, mean, variance, epsilon=None, **_):
        weight, bias, mean, variance = (v[:, None, None] for v in (weight, bias, mean, variance))
        return ((x - mean) / np.sqrt(variance + (1e-5 if epsilon is None else epsilon)) * weight + bias, )


class LRN(OpRun):
    """onnx's own takes the number of images for that of channels."""

    def _run(self, x, alpha=None, beta=None, bias=None, size=None):
        before = (size - 1) // 2
        squares = np.pad(x**2, ((0, 0), (before, size - 1 - before), (0, 0), (0, 0)))
        sums = sum(squares[:, i:i + x.shape[1]] for i in range(size))
        return (x / (bias + alpha / size * sums)**beta, )


class Erf(OpRun):
    """onnx's own rounds to float32."""

    def _run(self, x):
        return (np.vectorize(math.erf, otypes=[x.dtype])(x),)


def weight_values(name, shape, type=np.float32):
    return formula.parameter(name, tuple(shape)).astype(type)


class Graph:
    """A network that is written node by node. The name of what was written last is in `last`."""

    def __init__(self, opset=13, ir=7, nhwc=False, batch=1, size=SIZE, weights="initialiser", prefix=""):
        self.opset, self.ir, self.prefix, self.weights, self.nhwc = opset, ir, prefix, weights, nhwc
        height, width, channels = size
        dims = [batch, height, width, channels] if nhwc else [batch, channels, height, width]
        self.nodes, self.initialisers, self.domains = [], [], []
        self.inputs = [helper.make_tensor_value_info("input", TensorProto.FLOAT, dims)]
        self.outputs = None
        self.last = "input"

    def constant(self, name, values):
        """A weight as the tool keeps it: as initialiser, in a node of its own, or as initialiser and input."""
        tensor = numpy_helper.from_array(np.asarray(values), name)
        if self.weights == "node":
            self.nodes.append(helper.make_node("Constant", [], [name], value=tensor))
        else:
            self.initialisers.append(tensor)
        if self.weights == "input":
            self.inputs.append(helper.make_tensor_value_info(name, tensor.data_type, tensor.dims))
        return name

    def weight(self, name, *shape, type=np.float32):
        return self.constant(name, weight_values(name, shape, type))

    def integers(self, *values):
        return self.constant(f"{self.prefix}shape_{len(self.nodes)}_{len(self.initialisers)}",
                             np.array(values, np.int64))

    def number(self, value, type=np.float32):
        return self.constant(f"{self.prefix}number_{len(self.nodes)}_{len(self.initialisers)}",
                             np.array(value, type))

    def node(self, op, *inputs, outputs=1, domain="", name=None, **attributes):
        """With what was written last as its only or first input, if none are named."""
        if not inputs or inputs[0] is None:
            inputs = (self.last, *inputs[1:])
        count = len(self.nodes)
        made = [f"{self.prefix}{op}_{count}" + (f":{i}" if i else "") for i in range(outputs)]
        self.nodes.append(
            helper.make_node(op,
                             list(inputs),
                             made,
                             name or f"{self.prefix}{op}__{count}",
                             domain=domain,
                             **attributes))
        if domain:
            self.domains.append(domain)
        self.last = made[0]
        return self.last

    def conv(self, name, filters, inputs, kernel=3, bias=True, group=1, **attributes):
        source = self.last
        weights = [self.weight(f"{name}.weight", filters, inputs // group, kernel, kernel)]
        weights += [self.weight(f"{name}.bias", filters)] if bias else []
        return self.node("Conv", source, *weights, kernel_shape=[kernel, kernel], group=group, **attributes)

    def batch_norm(self, name, channels, **attributes):
        source = self.last
        weights = [
            self.weight(f"{name}.{part}", channels)
            for part in ("weight", "bias", "running_mean", "running_var")
        ]
        return self.node("BatchNormalization", source, *weights, **attributes)

    def dense(self, name, inputs, outputs=3):
        """As TensorFlow and Paddle have it."""
        source = self.last
        self.node("MatMul", source,
                  self.constant(f"{name}.weight",
                                weight_values(f"{name}.weight", (outputs, inputs)).T))
        return self.node("Add", None, self.weight(f"{name}.bias", outputs))

    def head(self, channels):
        self.node("GlobalAveragePool")
        self.node("Flatten", axis=1)
        return self.node("Gemm",
                         None,
                         self.weight("fc.weight", 3, channels),
                         self.weight("fc.bias", 3),
                         transB=1)

    def model(self, check=True):
        outputs = self.outputs or [
            helper.make_tensor_value_info(self.last, TensorProto.FLOAT, ["batch", "scores"])
        ]
        graph = helper.make_graph(self.nodes, "handmade", self.inputs, outputs, self.initialisers)
        opsets = [
            helper.make_opsetid("", self.opset),
            *(helper.make_opsetid(d, 1) for d in sorted(set(self.domains)))
        ]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=self.ir, producer_name="by hand")
        if check:
            onnx.checker.check_model(model)
        return model


def as_double(tensor):
    if tensor.data_type not in FLOATS:
        return tensor
    values = numpy_helper.to_array(tensor)
    if tensor.data_type == TensorProto.BFLOAT16:
        values = values.view(ml_dtypes.bfloat16) if values.dtype == np.uint16 else values
    return numpy_helper.from_array(values.astype(np.float64), tensor.name)


def node_in_double(node):
    for attribute in node.attribute:
        if attribute.name == "value_float":
            attribute.CopyFrom(
                helper.make_attribute("value", numpy_helper.from_array(np.array(attribute.f, np.float64))))
        elif attribute.name == "value_floats":
            attribute.CopyFrom(
                helper.make_attribute("value", numpy_helper.from_array(np.array(attribute.floats,
                                                                                np.float64))))
        elif attribute.type == onnx.AttributeProto.TENSOR:
            attribute.t.CopyFrom(as_double(attribute.t))
        elif attribute.type == onnx.AttributeProto.GRAPH:
            graph_in_double(attribute.g)
        elif attribute.name == "to" and attribute.i in FLOATS:
            attribute.i = TensorProto.DOUBLE


def fold_weights(graph):
    """Dequantised weights as initialisers. onnx's evaluator lacks older forms of that op."""
    known = {i.name: numpy_helper.to_array(i).astype(np.float64) for i in graph.initializer}
    for node in [n for n in graph.node if n.op_type == "DequantizeLinear"]:
        values, scale, *zero = (known[name] for name in node.input)
        axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
        shape = [-1 if i == axis else 1 for i in range(values.ndim)] if scale.ndim else ()
        values = (values - (zero[0].reshape(shape) if zero else 0)) * scale.reshape(shape)
        graph.initializer.append(numpy_helper.from_array(values, node.output[0]))
        graph.node.remove(node)


def graph_in_double(graph):
    for i, tensor in enumerate(graph.initializer):
        graph.initializer[i].CopyFrom(as_double(tensor))
    for node in graph.node:
        node_in_double(node)
    for value in (*graph.input, *graph.output):
        if value.type.tensor_type.elem_type in FLOATS:
            value.type.tensor_type.elem_type = TensorProto.DOUBLE


def in_double(model):
    """The same network in float64, with activations that are not quantised."""
    result = dequantise.float_version(model) if dequantise.is_quantised(
        model) else onnx.ModelProto.FromString(model.SerializeToString())
    fold_weights(result.graph)
    graph_in_double(result.graph)
    return result


def gradient(run, x, target):
    """By central differences. Nothing here needs more than the network itself."""
    step = 2.0**-17
    result = np.empty(x.size)
    for i in range(x.size):
        ends = []
        for change in (step, -step):
            moved = x.copy()
            moved.reshape(-1)[i] += change
            ends.append(run(moved).reshape(-1)[target])
        result[i] = (ends[0] - ends[1]) / (2 * step)
    return result.reshape(x.shape)


def reference(name, model, nhwc, scale, tolerance, size=SIZE):
    evaluator = ReferenceEvaluator(in_double(model), new_ops=[BatchNormalization, LRN, Erf])
    image = references.image(size, scale)

    def feed(x):
        return x[None] if nhwc else np.ascontiguousarray(x.transpose(2, 0, 1)[None])

    def run(x):
        return evaluator.run(None, {"input": feed(x)})[0]

    output = run(image)
    references.check(name, model, feed(image), output, tolerance)
    shown = output[0] if nhwc or output.ndim != 4 else references.last(output)
    target = int(shown.reshape(-1).argmax())
    map_of = (lambda y: y.transpose(0, 2, 3, 1)) if output.ndim == 4 and not nhwc else (lambda y: y)
    slope = gradient(lambda x: map_of(run(x)), image, target)
    return references.reference(size, scale, shown, target, slope)
