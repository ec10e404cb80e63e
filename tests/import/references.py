# SPDX-License-Identifier: MIT
"""What an imported network must compute, and helpers to write and check ONNX files."""

import gzip
import json
import pathlib
import sys

import numpy as np
import onnxruntime
from onnx.reference import ReferenceEvaluator

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "exported"
MANIFEST, REFERENCES = HERE / "manifest.json", HERE / "references.json.gz"
# Files and cases of generate_keras.py begin so.
KERAS = "keras_"
sys.path.insert(0, str(HERE.parent / "golden/families"))

import formula


def image(size, scale=1):
    """Height x width x channels, in [-scale, scale); exact in float32 where scale is a power of 2."""
    return scale * formula.image(*size)


def rounded(values):
    return [float(f"{v:.9g}") for v in np.asarray(values, dtype=np.float64).reshape(-1)]


def last(values):
    """An array with channels first, and of one image, with channels last."""
    values = np.asarray(values)[0]
    return values.transpose(1, 2, 0) if values.ndim == 3 else values


def reference(size, scale, output, target, gradient):
    """output and gradient have channels last. target: the index of the output whose gradient it is."""
    result = {"input": list(size), "scale": scale, "shape": list(output.shape), "output": rounded(output)}
    return result | ({} if gradient is None else {"target": int(target), "gradient": rounded(gradient)})


def run(model, feed):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(),
                                           options,
                                           providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: feed})[0]


def check(name, model, feed, expected, tolerance=2e-5):
    """That onnxruntime computes of the file what the reference says; or onnx's own evaluator, where onnxruntime lacks an
    option. Stops otherwise: then the file or the reference is wrong."""
    feed = feed.astype(np.float32)
    try:
        by, got = "onnxruntime", run(model, feed)
    except Exception as error:
        print(f"{name}: onnxruntime cannot: {str(error).splitlines()[0][:200]}", flush=True)
        by, got = "onnx", ReferenceEvaluator(model).run(None, {"input": feed})[0]
    assert got.shape == expected.shape, f"{name}: {by}'s output is {got.shape}, not {expected.shape}"
    difference = np.abs(got - expected).max() / np.abs(expected).max()
    assert difference < tolerance, f"{name}: {by} is {difference:.1e} away"


def clean(model):
    """Takes out what tells of the machine that wrote it, or is new in every run."""
    for node in model.graph.node:
        kept = [p for p in node.metadata_props if not p.key.endswith(("stack_trace", "fx_node", "class_hierarchy"))]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
        node.doc_string = ""
    for value in (*model.graph.input, *model.graph.output, *model.graph.value_info, *model.graph.initializer):
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    model.doc_string = ""
    return model


def save(model, file):
    """The size of the file."""
    data = model.SerializeToString(deterministic=True)
    for word in (b"/home", b"/root", b"/tmp", b"/work", b".py"):
        assert word not in data, f"{file}: it holds {word.decode()}"
    file.write_bytes(data)
    return len(data)


def is_keras(name):
    return name.startswith(KERAS)


def write(entries, cases, mine):
    """Into manifest.json and references.json.gz, in place of those of whose names mine() is true."""
    entries = entries + [e for e in json.loads(MANIFEST.read_text()) if not mine(e["file"])]
    others = json.loads(gzip.decompress(REFERENCES.read_bytes()))
    cases = cases | {name: case for name, case in others.items() if not mine(name)}
    text = json.dumps(dict(sorted(cases.items())), separators=(",", ":"))
    REFERENCES.write_bytes(gzip.compress(text.encode(), mtime=0))
    lines = ",\n".join(json.dumps(e) for e in sorted(entries, key=lambda e: e["file"]))
    MANIFEST.write_text(f"[\n{lines}\n]\n")
