# SPDX-License-Identifier: MIT
"""A quantised network as the floating-point one that it approximates."""

import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def initializers(model):
    return {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}


def is_quantised(model):
    return any(n.op_type == "QuantizeLinear" for n in model.graph.node)


def zero_and_scale(model, op, tensor=None):
    """Of the first node of that op, which reads or writes the tensor if one is named, and works on no weights."""
    known = initializers(model)
    for node in model.graph.node:
        if node.op_type == op and node.input[0] not in known and tensor in (None, *node.input, *node.output):
            zero = int(known[node.input[2]]) if len(node.input) > 2 else 0
            return zero, float(known[node.input[1]])
    raise ValueError(f"no {op}")


def float_version(model):
    """Every pair of QuantizeLinear and DequantizeLinear on activations is taken out, so input and output are real
    numbers: scale * (quantised - zero point). Weights stay as they are."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    weights = initializers(model)
    for node in result.graph.node:
        if node.op_type == "QuantizeLinear" or node.op_type == "DequantizeLinear" and node.input[
                0] not in weights:
            node.CopyFrom(helper.make_node("Identity", node.input[:1], node.output, node.name))
    del result.graph.value_info[:]
    for end in (*result.graph.input, *result.graph.output):
        end.type.tensor_type.elem_type = FLOAT
    return result
