# SPDX-License-Identifier: MIT
"""python torchvision_check.py BUILD [NETWORK...]: takes networks of torchvision through PyTorch's two
exporters, salient-import and the C++ compiler, and compares scores and gradients with PyTorch's.

Prints a table. Differences are from PyTorch in float64: the largest one of an image, as part of its largest
value. Of several images the farthest off counts for scores, and the nearest for gradients: where rounding
turns a ReLU or the choice of a max-pool, an image's gradient jumps, but a wrong gradient is wrong for every
image. PyTorch's own gradients in float32 jump too; their farthest stands in brackets. The last column is of
the library's gradients in float64, where hardly anything turns: what remains is that weights were rounded
after batch norms became part of them.

BUILD is a build folder of this repository. Weights and the first image are those of tests/golden/families.
Exits with 1 if a network is refused or differs.
"""

import logging
import os
import pathlib
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torchvision import models

from generate_exported import by_dynamo, by_torchscript
from references import formula

# In tests/golden/families, which `references` added to the path.
import generate
import methods

NETWORKS = """
    alexnet vgg11_bn resnet18 resnet50 wide_resnet50_2 resnext50_32x4d regnet_x_400mf regnet_y_400mf
    squeezenet1_1 googlenet inception_v3 densenet121 mobilenet_v2 mobilenet_v3_small mobilenet_v3_large
    mnasnet1_0 shufflenet_v2_x1_0 efficientnet_b0 efficientnet_v2_s convnext_tiny""".split()
# Height and width. Adaptive pools to 6 x 6 and 7 x 7 cannot be exported for maps that are smaller than that;
# transformers take one size only.
SIZE = (96, 128)
OWN_SIZE = {"alexnet": (224, 224), "vgg": (224, 224), "inception": (128, 160), "vit": (224, 224),
            "maxvit": (224, 224)}

EXPORTERS = {"dynamo": partial(by_dynamo, opset=None, dynamic=False),
             "TorchScript": partial(by_torchscript, opset=17, dynamic=False)}

IMAGES = 4
SCORES_LIMIT, GRADIENTS_LIMIT, FLOAT64_LIMIT = 1e-4, 1e-3, 1e-5


@dataclass
class Results:
    scores: np.ndarray  # images x classes
    gradients: np.ndarray  # images x height x width x channels


def of_each_image(values, expected):
    values, expected = (a.reshape(IMAGES, -1) for a in (values, expected))
    return np.abs(values - expected).max(1) / np.abs(expected).max(1)


def size_of(name):
    height, width = next((size for start, size in OWN_SIZE.items() if name.startswith(start)), SIZE)
    return height, width, 3


def network(name):
    """In float64, with weights for which values stay near 1."""
    auxiliary = {"aux_logits": True, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
    return generate.with_formula(partial(getattr(models, name), weights=None, **auxiliary), size_of(name))[0]


def images_of(name):
    """Images x height x width x channels; exact in float32."""
    size = size_of(name)
    others = [formula.uniform(f"image {i + 1}", int(np.prod(size))).reshape(size) for i in range(1, IMAGES)]
    return np.stack([formula.image(*size), *others])


def by_pytorch(net, x):
    """Gradients are those of the predicted class."""
    scores, gradients = [], []
    for one in x.split(1):
        scores.append(methods.forward(net, one)[0][0])
        gradients.append(methods.gradient(net, one, int(scores[-1].argmax()))[0].permute(1, 2, 0))
    return Results(torch.stack(scores).double().numpy(), torch.stack(gradients).double().numpy())


def run(*command):
    """Output and seconds. Throws an error with what the program says."""
    start = time.time()
    # Compilations are timed, and not looked up.
    environment = os.environ | {"CCACHE_DISABLE": "1"}
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip())
    return done.stdout, time.time() - start


def by_salient(build, onnx_file):
    """Results in float32 and in float64, the number of layers, and seconds of import and of compilation."""
    folder, name = onnx_file.parent, "from_torchvision"
    importing = run(build / "apps/salient-import", onnx_file, "--name", name, "--out", folder)[1]
    compiling = run("cmake", "--build", build, "--target", "import-torchvision")[1]
    layers = run(build / "tests/import/import-torchvision", folder)[0]
    results = [Results(np.load(folder / f"scores_{kind}.npy"), np.load(folder / f"gradients_{kind}.npy"))
               for kind in ("float", "double")]
    return *results, layers.strip(), importing, compiling


def row(*cells):
    print("|", " | ".join(cells), "|", flush=True)


def check(build, name):
    """Prints a row for each exporter; whether all is right."""
    net = network(name)
    images = images_of(name)
    folder = build / "tests/import/torchvision"
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "images.npy", images.astype(np.float32))
    x = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    expected = by_pytorch(net, x)
    net.float()
    x = x.float()
    own = of_each_image(by_pytorch(net, x).gradients, expected.gradients).max()
    right = True
    for exporter, export in EXPORTERS.items():
        onnx_file = folder / "model.onnx"
        try:
            onnx_file.write_bytes(export(net, x[:1]).SerializeToString())
            single, double, layers, importing, compiling = by_salient(build, onnx_file)
        except Exception as error:  # the exporter's, the importer's or the compiler's
            lines = str(error).splitlines()
            sentence = next((line for line in lines if "error" in line), lines[0])
            row(name, exporter, sentence.replace(f"{onnx_file}: ", "").replace("|", "\\|"))
            right = False
            continue
        scores = of_each_image(single.scores, expected.scores).max()
        gradients = of_each_image(single.gradients, expected.gradients)
        exact = of_each_image(double.gradients, expected.gradients)
        # Not-a-number is not at most anything.
        good = (scores <= SCORES_LIMIT and gradients.min() <= max(GRADIENTS_LIMIT, own)
                and exact.min() <= FLOAT64_LIMIT)
        right = right and bool(good)
        row(name, exporter, layers, f"{importing:.1f}", f"{compiling:.0f}", f"{scores:.0e}",
            f"{gradients.min():.0e} to {gradients.max():.0e} ({own:.0e})",
            f"{exact.min():.0e} to {exact.max():.0e}" + ("" if good else " **wrong**"))
    return right


def main(build, names):
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    row("network", "exporter", "layers", "import s", "compile s", "scores differ", "gradients differ",
        "gradients in float64")
    row(*["---"] * 8)
    results = [check(build, name) for name in names or NETWORKS]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:])
