# SPDX-License-Identifier: MIT
"""Writes exported/keras_*.onnx, and their part of manifest.json and references.json.gz: README.md says what they hold.

Networks come from keras_layers.py, files from tf2onnx, and scores and gradients from TensorFlow in float64. With names
as arguments it tries these cases alone and writes nothing but their files.
"""

import itertools
import logging
import os
import sys
import warnings

os.environ |= {
    "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow"
}

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx

import keras_layers
import references
from keras_layers import SIZE
from references import formula

# What PyTorch calls Keras' weights: formula.parameter goes by the end of the name.
PARTS = {
    "gamma": "weight", "alpha": "weight", "scale": "weight", "beta": "bias", "bias": "bias",
    "moving_mean": "running_mean", "moving_variance": "running_var"
}
# tf2onnx's default, and others in which it may write another graph.
OPSETS = (15, 13, 18)


def kernel(name, shape, depthwise):
    """Of a convolution or a dense layer, by PyTorch's order."""
    if len(shape) == 2:
        return formula.parameter(name, shape[::-1]).T
    height, width, inputs, outputs = shape
    if depthwise:
        return formula.parameter(name, (inputs * outputs, 1, height, width)).reshape(
            inputs, outputs, height, width).transpose(2, 3, 0, 1)
    return formula.parameter(name, (outputs, inputs, height, width)).transpose(2, 3, 1, 0)


def values_of(variable):
    path, part = variable.path.rsplit("/", 1)
    shape = tuple(variable.shape)
    if part in PARTS:
        return formula.parameter(f"{path}.{PARTS[part]}", (int(np.prod(shape)), )).reshape(shape)
    assert part.endswith("kernel"), variable.path
    depthwise = part == "depthwise_kernel" or "depthwise" in path
    return kernel(f"{path}.{part}.weight", shape, depthwise)


def network(name, body, type):
    keras.backend.clear_session()  # Names are counted anew.
    keras.backend.set_floatx(type)
    x = keras.Input(SIZE, name="input")
    y = body(x)
    if name not in keras_layers.OWN_HEAD:
        # Three scores that every value of the map has a part in.
        y = keras.layers.Dense(3, name="fc")(y if len(y.shape) == 2 else keras.layers.Flatten()(y))
    net = keras.Model(x, y)
    for variable in net.weights:
        if keras.backend.is_float_dtype(variable.dtype):
            variable.assign(values_of(variable))
    return net


def reference(net, scale):
    """And the output as TensorFlow has it."""
    x = tf.constant(references.image(SIZE, scale)[None])
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = net(x, training=False)
        score = tf.reduce_max(output)
    gradient = tape.gradient(score, x).numpy()
    output = output.numpy()
    assert output.dtype == gradient.dtype == np.float64
    assert np.abs(gradient).max() > 0, f"{net.name}: no gradient"
    return references.reference(SIZE, scale, output[0], output.reshape(-1).argmax(), gradient[0]), output


# tf2onnx picks nodes out of sets, which have the order of hashes. Those are addresses unless they are numbers.
make_node = tf2onnx.graph.Node.__init__
numbers = itertools.count()


def make_numbered_node(node, *arguments, **options):
    node.number = next(numbers)
    make_node(node, *arguments, **options)


tf2onnx.graph.Node.__init__ = make_numbered_node
tf2onnx.graph.Node.__hash__ = lambda node: node.number


def count_anew():
    """So that a file does not depend on which were written before it."""
    global numbers
    numbers = itertools.count()
    tf2onnx.utils.INTERNAL_NAME = 1


def by_tf2onnx(net, opset, channels_first):
    count_anew()
    return tf2onnx.convert.from_keras(net, opset=opset, inputs_as_nchw=["input"] if channels_first else None)[0]


def by_keras(net, file):
    count_anew()
    net.export(file, format="onnx", verbose=False)
    return onnx.load(file)


def inlined(exporter, *arguments):
    """Keras makes grouped convolutions by a compiled function, which tf2onnx leaves as a call that ONNX has not. So the
    function must be traced in place."""
    tf.config.run_functions_eagerly(True)
    try:
        return exporter(*arguments)
    finally:
        tf.config.run_functions_eagerly(False)


def versions(name):
    """(suffix, exporter, whether channels come first in the file) of each file."""
    opsets = OPSETS + ((9, ) if name in keras_layers.OPSET_9.split() else ())
    result = [(f"tf{opset}", lambda net, file, opset=opset: by_tf2onnx(net, opset, False), False) for opset in opsets]
    if name in keras_layers.CHANNELS_FIRST.split():
        result += [("tf15.nchw", lambda net, file: by_tf2onnx(net, 15, True), True)]
    if name in keras_layers.BY_KERAS.split():
        result += [("export", by_keras, False)]
    return result


def anonymous(model):
    """The graph with values named by their numbers, and weights in order of use."""
    graph = onnx.GraphProto.FromString(model.graph.SerializeToString())
    known = {}
    number = lambda name: known.setdefault(name, f"{len(known):04}")
    for node in graph.node:
        node.name = ""
        for values in (node.input, node.output):
            values[:] = [number(v) for v in values]
    for value in (*graph.input, *graph.initializer, *graph.output):
        value.name = number(value.name)
    weights = sorted(graph.initializer, key=lambda weight: weight.name)
    del graph.initializer[:]
    graph.initializer.extend(weights)
    del graph.value_info[:]
    for value in (*graph.input, *graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    return graph.SerializeToString(deterministic=True)


def export(name, net, scale, expected):
    """The manifest's entries of a case's files."""
    image = references.image(SIZE, scale)[None]
    graphs = set()
    for suffix, exporter, channels_first in versions(name):
        file = references.FOLDER / f"{references.KERAS}{name}.{suffix}.onnx"
        try:
            model = references.clean(inlined(exporter, net, file))
            onnx.checker.check_model(model)
        except Exception as error:  # what an exporter cannot do is nobody's file
            print(f"{file.name}: not exported: {type(error).__name__}: {str(error).splitlines()[0][:150]}", flush=True)
            continue
        graph = anonymous(model)
        if graph in graphs:  # another opset alone makes no other test
            continue
        graphs.add(graph)
        references.check(file.name, model, image.transpose(0, 3, 1, 2) if channels_first else image, expected)
        references.save(model, file)
        yield {"file": file.name, "kind": "ok", "case": references.KERAS + name}


def main(names):
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    if not names:
        for file in references.FOLDER.glob(f"{references.KERAS}*"):
            file.unlink()
    entries, cases = [], {}
    for name, body in keras_layers.cases().items():
        if names and name not in names:
            continue
        scale = 8 if name in keras_layers.WIDE else 1
        cases[references.KERAS + name], expected = reference(network(name, body, "float64"), scale)
        entries += export(name, network(name, body, "float32"), scale, expected)
    if not names:
        references.write(entries, cases, references.is_keras)
    size = sum((references.FOLDER / e["file"]).stat().st_size for e in entries)
    print(f"{len(entries)} files, {len(cases)} references; {size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
