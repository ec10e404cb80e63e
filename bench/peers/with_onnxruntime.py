# SPDX-License-Identifier: MIT
"""ONNX Runtime's side, for forward passes: of a model that onnx_model.py writes beside the weights, in a process of its own,
so that this one's memory is ONNX Runtime's."""

import pathlib
import subprocess
import sys

import numpy as np
import onnxruntime

import cases


def load(case):
    folder = pathlib.Path(case.images).parent
    graph, model = folder / f"{case.network}.json", folder / f"{case.network}.onnx"
    subprocess.run([sys.executable, str(pathlib.Path(__file__).with_name("onnx_model.py")), str(graph), case.weights,
                    str(model)], check=True)
    images = np.ascontiguousarray(np.load(case.images).transpose(0, 3, 1, 2))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(sys.argv[1])
    session = onnxruntime.InferenceSession(str(model), options, ["CPUExecutionProvider"])
    image = session.get_inputs()[0].name
    return (lambda: session.run(None, {image: images})[0],
            lambda scores, file: np.save(file, scores.reshape(len(scores), 1, 1, -1)))


cases.serve(load)
