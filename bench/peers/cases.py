# SPDX-License-Identifier: MIT
"""What both PyTorch and JAX need to know about the networks, and how a peer talks with compare.py.

A peer is a process started as  PEER NETWORK WEIGHTS IMAGES.npy CLASSES.npy METHOD THREADS MAP.npy . It loads, makes the
map once, writes it (N, H, W, C), and prints how many milliseconds that first time took, compilation included. For every
line "run" it makes the map again and prints its milliseconds; for any other, its resident memory and the peak of it, MiB.
"""

import sys
import time

STEPS = 50

# Layers as PyTorch numbers them: ("conv", out, padding), ("relu",), ("pool",), ("mean",), ("flatten",), ("dense", out)
VALID, SAME = 0, 1


def conv(*filters, padding=SAME):
    return [layer for f in filters for layer in (("conv", f, padding), ("relu",))]


VGG16 = [layer for block in ((64,) * 2, (128,) * 2, (256,) * 3, (512,) * 3, (512,) * 3)
         for layer in conv(*block) + [("pool",)]]
NETWORKS = {
    "perceptron": [("flatten",), ("dense", 128), ("relu",), ("dense", 10)],
    "cnn": conv(16, 32, padding=VALID) + [("flatten",), ("dense", 10)],
    "deep_cnn": conv(16, 16) + [("pool",)] + conv(32, 32) + [("pool",), ("flatten",), ("dense", 10)],
    "pooled_cnn": conv(16, 32, padding=VALID) + [("pool",)] + conv(64, 64) + [("mean",), ("flatten",), ("dense", 10)],
    "vgg16": VGG16 + [("flatten",), ("dense", 4096), ("relu",), ("dense", 4096), ("relu",), ("dense", 1000)],
}
INPUTS = {name: (224, 224, 3) if name == "vgg16" else (28, 28, 1) for name in NETWORKS}


def last_convolution(network):
    """The index of the ReLU after the last convolution, where Grad-CAM looks."""
    return max(i for i, layer in enumerate(NETWORKS[network]) if layer[0] == "conv") + 1


def memory():
    with open("/proc/self/status") as status:
        kib = dict(line.split(":", 1) for line in status)
    return [int(kib[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]


def serve(make_map, save):
    """make_map() returns when the map is there; save(map) writes it."""
    def timed():
        start = time.perf_counter()
        result = make_map()
        return result, 1000 * (time.perf_counter() - start)

    result, first = timed()
    save(result)
    print(first, flush=True)
    for line in sys.stdin:
        if line.strip() != "run":
            break
        print(timed()[1], flush=True)
    print(*memory(), flush=True)
