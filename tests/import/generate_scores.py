# SPDX-License-Identifier: MIT
"""Writes scores.json: what onnxruntime computes for real networks in ONNX files: python generate_scores.py FOLDER

Each file of FOLDER whose weights are there is run on two images of golden/families/formula.py, so that C++ makes the
same ones. Channel c of pixel (y, x) of a height x width x channels image has the index i = (y * width + x) * channels + c.
With u(i) = uniform("image", i) for the first image and uniform("image 2", i) for the second, its value is

    float32(low + (high - low) * (u(i) + 1) / 2)

where every step but the last is exact in float64. A quantised network gets floor(256 * (u(i) + 1) / 2) plus the
least number of its type, in floating point (scale * (quantised - zero point)) as far as "float" is concerned.

scores.json: by file name
    sha256   of the file
    input    its input's name, "layout" (NCHW or NHWC) and "size" (height, width, channels)
    range    low and high
    output   its name, and "count", how many scores there are
    at       indices of the scores that are kept: all up to 100, else every 20th and the images' five largest
    scores   for each image, the scores at these indices
    best     for each image, the index of the largest score
    float    of a quantised network, instead of range, scores and best: "zero_point" and "scale" of the input, and
             scores and best of the network with its activations not quantised; "quantised", the scores with them, as
             real numbers

How accuracies are measured: README.md.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "golden/families"))

import dequantise
import formula

# What each network was trained on, by the beginning of its file's name; -1 to 1 where it is not known.
RANGES = {
    "resnet20": (-2, 2), "squeezenet": (-2, 2), "mobilenet_v3": (-2, 2), "mlperf_resnet8": (0, 255),
    "mnist": (0, 1), "mesonet": (0, 1)
}
# Where the file leaves it open.
SIZES = {"ppocr_cls": (48, 192)}
IMAGES = ("image", "image 2")


def of_name(table, file, default=None):
    return next((value for beginning, value in table.items() if file.name.startswith(beginning)), default)


def run(model, file, feeds):
    """The scores for each image, in one row each."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    if model is not None:
        # Higher levels would quantise activations again in front of a quantised matrix.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    source = str(file) if model is None else model.SerializeToString()
    session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return np.stack([session.run(None, {name: feed})[0].reshape(-1) for feed in feeds])


def input_of(model, file):
    """Its name, layout and size."""
    weights = {i.name for i in model.graph.initializer}
    value, = (v for v in model.graph.input if v.name not in weights)
    _, *sides = (d.dim_value for d in value.type.tensor_type.shape.dim)
    if sides[-1] in (1, 3) and sides[0] not in (1, 3):
        return {"name": value.name, "layout": "NHWC", "size": sides}
    return {"name": value.name, "layout": "NCHW", "size": [*of_name(SIZES, file, sides[1:]), sides[0]]}


def image(name, size):
    """In [0, 1), height x width x channels."""
    return (formula.uniform(name, int(np.prod(size))).reshape(size) + 1) / 2


def feed(values, layout):
    return np.ascontiguousarray(values[None] if layout == "NHWC" else values.transpose(2, 0, 1)[None])


def kept(scores):
    count = scores.shape[1]
    if count <= 100:
        return list(range(count))
    return sorted({*range(0, count, 20), *(int(i) for row in scores for i in np.argsort(-row)[:5])})


def summary(scores, at):
    return {
        "scores": [[float(f"{row[i]:.9g}") for i in at] for row in scores],
        "best": [int(row.argmax()) for row in scores]
    }


def quantised(model, file, images, layout):
    """With input and output of one byte, and as floating-point network."""
    byte = np.int8 if model.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.INT8 else np.uint8
    bytes = [np.floor(i * 256) + np.iinfo(byte).min for i in images]
    zero, scale = dequantise.zero_and_scale(model, "DequantizeLinear")
    exact = run(None, file, [feed(b.astype(byte), layout) for b in bytes]).astype(np.float32)
    out_zero, out_scale = dequantise.zero_and_scale(model, "QuantizeLinear", model.graph.output[0].name)
    reals = [feed(((b - zero) * scale).astype(np.float32), layout) for b in bytes]
    scores = run(dequantise.float_version(model), file, reals)
    at = kept(scores)
    entry = {"zero_point": zero, "scale": scale, "type": byte.__name__} | summary(scores, at)
    entry["quantised"] = summary((exact - out_zero) * out_scale, at)["scores"]
    return {
        "output": {"name": model.graph.output[0].name, "count": scores.shape[1]}, "at": at, "float": entry
    }


def unquantised(model, file, images, layout):
    low, high = of_name(RANGES, file, (-1, 1))
    scores = run(None, file, [feed((low + (high - low) * i).astype(np.float32), layout) for i in images])
    at = kept(scores)
    return {
        "range": [low, high], "output": {"name": model.graph.output[0].name, "count": scores.shape[1]},
        "at": at
    } | summary(scores, at)


def entry(file):
    model = onnx.load(file, load_external_data=False)
    where = input_of(model, file)
    images = [image(name, where["size"]) for name in IMAGES]
    make = quantised if dequantise.is_quantised(model) else unquantised
    return {"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "input": where} | make(
        model, file, images, where["layout"])


def main(folder):
    result = {}
    for file in sorted(folder.glob("*.onnx")):
        result[file.name] = entry(file)
        print(file.name, result[file.name].get("best") or result[file.name]["float"]["best"], flush=True)
    lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in result.items())
    (HERE / "scores.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
