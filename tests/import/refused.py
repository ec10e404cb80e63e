# SPDX-License-Identifier: MIT
"""Files that are no image classifiers, or broken: an importer must say which node, or what else, it stopped at."""

import io

import numpy as np
import onnx
from onnx import TensorProto, helper

import references
import writer
from writer import Graph, weight_values

NODE = "the/culprit"


def with_conv(opset=13, **options):
    g = Graph(opset, 8, **options)
    g.conv("conv", 4, 3)
    return g


def behind_conv(op, *more, opset=13, outputs=1, domain="", **attributes):
    """A network whose second node is the culprit. more: its further inputs, as arrays."""
    g = with_conv(opset)
    inputs = ["" if m is None else g.constant(f"more_{i}", m) for i, m in enumerate(more)]
    g.node(op, None, *inputs, outputs=outputs, domain=domain, name=NODE, **attributes)
    return g


def ints(*values):
    return np.array(values, np.int64)


def floats(name, *shape):
    return weight_values(name, shape)


def on_flat(op, *more, opset=13, **attributes):
    g = with_conv(opset)
    g.node("Reshape", None, g.integers(1, 4, 24))
    g.node(op, None, *(g.constant(f"more_{i}", m) for i, m in enumerate(more)), name=NODE, **attributes)
    return g


def lstm():
    return on_flat("LSTM", floats("w", 1, 20, 24), floats("r", 1, 20, 5), hidden_size=5)


def two_inputs():
    g = with_conv()
    g.inputs.append(helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1, 4, 4, 6]))
    g.node("Mul", None, "mask", name=NODE)
    g.head(4)
    return g


def max_pool_indices():
    """Whose second output is used."""
    g = with_conv()
    g.node("MaxPool", None, outputs=2, name=NODE, kernel_shape=[2, 2])
    g.node("Cast", g.nodes[-1].output[1], to=TensorProto.FLOAT)
    g.head(4)
    return g


def training_dropout():
    g = with_conv()
    g.node("Dropout", None, g.number(0.5), g.constant("training", np.array(True)), name=NODE)
    g.head(4)
    return g


def training_norm():
    g = with_conv(15)
    parts = [g.weight(f"bn.{p}", 4) for p in ("weight", "bias", "running_mean", "running_var")]
    g.node("BatchNormalization", None, *parts, outputs=3, name=NODE, training_mode=1)
    g.head(4)
    return g


def non_max_suppression():
    g = with_conv()
    boxes = g.node("Reshape", g.last, g.integers(1, 24, 4))
    scores = g.node("Reshape", g.node("Slice", boxes, g.integers(0), g.integers(1), g.integers(2)),
                    g.integers(1, 1, 24))
    g.node("NonMaxSuppression", boxes, scores, g.integers(5), name=NODE)
    g.outputs = [helper.make_tensor_value_info(g.last, TensorProto.INT64, None)]
    return g


def branch():
    g = with_conv()
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    body = helper.make_graph([helper.make_node("Relu", [g.last], ["out"])], "body", [], [out])
    condition = g.node("Greater", g.node("GlobalMaxPool"), g.number(0))
    g.node("If", condition, name=NODE, then_branch=body, else_branch=body)
    g.head(4)
    return g


def loop():
    g = with_conv()
    value = helper.make_tensor_value_info
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]),
         helper.make_node("Relu", ["x"], ["y"])], "body", [
             value("i", TensorProto.INT64, []),
             value("go", TensorProto.BOOL, []),
             value("x", TensorProto.FLOAT, None)
         ], [value("on", TensorProto.BOOL, []),
             value("y", TensorProto.FLOAT, None)])
    g.node("Loop",
           g.constant("count", np.array(3, np.int64)),
           g.constant("go0", np.array(True)),
           g.last,
           name=NODE,
           body=body)
    g.head(4)
    return g


def pad_with(**attributes):
    g = Graph(13, 8)
    g.node("Pad",
           None,
           g.integers(0, 0, 1, 1, 0, 0, 1, 1),
           *([g.number(1)] if not attributes else []),
           name=NODE,
           **attributes)
    g.conv("conv", 4, 3)
    g.head(4)
    return g


def attention():
    """The product of two parts of the network."""
    g = with_conv()
    x = g.node("Reshape", g.last, g.integers(1, 4, 24))
    g.node("MatMul", x, g.node("Transpose", x, perm=[0, 2, 1]), name=NODE)
    return g


def computed_kernel():
    """A convolution whose weights depend on the image."""
    g = with_conv()
    x = g.last
    g.node("Conv",
           x,
           g.node("Transpose", g.node("GlobalAveragePool", x), perm=[1, 0, 2, 3]),
           name=NODE,
           group=4)
    return g


def sides_exchanged():
    g = with_conv()
    g.node("Transpose", None, name="exchange", perm=[0, 1, 3, 2])
    g.conv("conv2", 4, 4)
    g.nodes[-1].name = NODE
    g.head(4)
    return g


def vector_input():
    g = Graph(13, 8)
    g.inputs[0] = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, 48])
    g.node("Conv", None, g.weight("w", 4, 3, 3), name=NODE, kernel_shape=[3])
    return g


def volume_input():
    g = Graph(13, 8)
    g.inputs[0] = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, 4, 4, 4])
    g.node("Conv", None, g.weight("w", 4, 3, 3, 3, 3), name=NODE, kernel_shape=[3, 3, 3])
    return g


def no_input():
    g = Graph(13, 8)
    g.inputs = []
    g.node("Identity", g.weight("w", 1, 3, 4, 4), name=NODE)
    return g


def free_size():
    g = Graph(13, 8, size=("height", "width", 3), batch="batch")
    g.conv("conv", 4, 3)
    g.head(4)
    return g


def two_outputs():
    g = with_conv()
    x = g.node("Relu", name="features")
    g.head(4)
    g.outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in (g.last, x)]
    return g


def nodes():
    """Each with words that the message must hold, besides the name of the node where there is one."""
    norm = [floats(f"n{i}", 4) for i in range(2)]
    return {
        "lstm": (lstm(), ["LSTM"]),
        "two_inputs": (two_inputs(), ["input", "mask"]),
        "no_input": (no_input(), ["input"]),
        "max_pool_indices": (max_pool_indices(), ["MaxPool"]),
        "training_dropout": (training_dropout(), ["Dropout"]),
        "training_norm": (training_norm(), ["BatchNormalization"]),
        "if": (branch(), ["If"]),
        "loop": (loop(), ["Loop"]),
        "non_max_suppression": (non_max_suppression(), ["NonMaxSuppression"]),
        "pad_reflect": (pad_with(mode="reflect"), ["Pad", "reflect"]),
        "pad_edge": (pad_with(mode="edge"), ["Pad", "edge"]),
        "pad_ones": (pad_with(), ["Pad"]),
        "attention": (attention(), ["MatMul"]),
        "computed_kernel": (computed_kernel(), ["Conv"]),
        "sides_exchanged": (sides_exchanged(), ["Conv"]),
        "vector_input": (vector_input(), ["input"]),
        "volume_input": (volume_input(), ["input"]),
        "free_size": (free_size(), ["input"]),
        "two_outputs": (two_outputs(), []),
        "own_operator": (behind_conv("FancyRelu", domain="com.example"), ["com.example", "FancyRelu"]),
        "partitioned_call": (behind_conv("PartitionedCall"), ["PartitionedCall"]),
        "fused": (behind_conv("FusedConv", floats("w", 4, 4, 1, 1),
                              domain="com.microsoft"), ["com.microsoft", "FusedConv"]),
        "instance_norm": (behind_conv("InstanceNormalization", *norm), ["InstanceNormalization"]),
        "group_norm": (behind_conv("GroupNormalization", *norm, opset=21,
                                   num_groups=2), ["GroupNormalization"]),
        "transposed_conv": (behind_conv("ConvTranspose", floats("w", 4, 2, 3, 3)), ["ConvTranspose"]),
        "resize": (behind_conv("Resize", None, np.array([1, 1, 2, 2], np.float32)), ["Resize"]),
        "depth_to_space": (behind_conv("DepthToSpace", blocksize=2), ["DepthToSpace"]),
        "arg_max": (behind_conv("ArgMax", axis=1), ["ArgMax"]),
        "top_k": (behind_conv("TopK", ints(2), outputs=2, axis=1), ["TopK"]),
        "mean_of_channels": (behind_conv("ReduceMean", axes=[1]), ["ReduceMean"]),
        "flatten_all": (behind_conv("Flatten", axis=3), ["Flatten"]),
        "constant_for_positions": (behind_conv("Mul", floats("m", 1, 1, 4, 6)), ["Mul"]),
        "conv_of_other_channels": (behind_conv("Conv", floats("w", 4, 5, 1, 1)), ["Conv"]),
        "mean_over_batch": (behind_conv("ReduceMean", axes=[0]), ["ReduceMean"]),
        "power": (behind_conv("Pow", np.array(3.5, np.float32)), ["Pow"]),
        "integer_conv": (behind_conv("QLinearConv", *[np.float32(1)] * 2, np.zeros(
            (4, 4, 1, 1), np.uint8)), ["QLinearConv"]),
        "softmax_of_rows": (behind_conv("Softmax", axis=3), ["Softmax"]),
    }


# Whose culprit is no node.
WITHOUT_NODE = {"two_inputs", "vector_input", "volume_input", "free_size", "no_input", "two_outputs"}


def with_external(**entries):
    """The weights of a convolution in another file, described by these entries."""
    g = with_conv()
    g.head(4)
    model = g.model()
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=str(value))
    return model.SerializeToString()


def broken():
    """Bytes, and words that the message must hold."""
    good = with_conv()
    good.head(4)
    data = good.model().SerializeToString()
    unsorted, undefined, again, wrong_size = (onnx.load(io.BytesIO(data)) for _ in range(4))
    first = unsorted.graph.node.pop(0)
    unsorted.graph.node.append(first)
    undefined.graph.node[1].input[0] = "nowhere"
    again.graph.node[1].output[0] = again.graph.node[0].output[0]
    wrong_size.graph.initializer[0].dims[0] = 5
    return {
        "empty": (b"", []),
        "text": (b"<!DOCTYPE html><html></html>\n", []),
        "truncated": (data[:len(data) // 2], []),
        "garbage_behind": (data + b"\xff" * 10, []),
        "unsorted": (unsorted.SerializeToString(), []),
        "undefined_value": (undefined.SerializeToString(), ["nowhere"]),
        "defined_twice": (again.SerializeToString(), []),
        "wrong_size": (wrong_size.SerializeToString(), ["conv.weight"]),
        "missing_data": (with_external(location="missing.data"), ["missing.data"]),
        "data_outside": (with_external(location="../secret.data"), ["../secret.data"]),
        "data_anywhere": (with_external(location="/etc/hostname"), ["/etc/hostname"]),
        "data_too_short": (with_external(location="external.onnx.data",
                                         offset=10**6), ["external.onnx.data"]),
        "data_negative": (with_external(location="external.onnx.data", offset=-64), []),
        "data_nowhere": (with_external(), ["conv.weight"]),
    }


def write(folder, names):
    entries, cases = [], {}
    for name, (graph, words) in nodes().items():
        if names and name not in names:
            continue
        model = graph.model(check=False)
        file = f"refused_{name}.onnx"
        references.save(model, folder / file)
        entry = {"file": file, "kind": "refused", "message": words + ([] if name in WITHOUT_NODE else [NODE])}
        if name == "free_size":
            entry |= {"size": list(writer.SIZE[:2]), "case": name}
            known = Graph(13, 8)
            known.conv("conv", 4, 3)
            known.head(4)
            cases[name] = writer.reference(file, known.model(), False, 1, 2e-5)
        entries.append(entry)
    for name, (data, words) in broken().items():
        if not names or name in names:
            (folder / f"refused_{name}.onnx").write_bytes(data)
            entries.append({"file": f"refused_{name}.onnx", "kind": "refused", "message": words})
    return entries, cases
