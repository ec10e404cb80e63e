# SPDX-License-Identifier: MIT
"""What both PyTorch and JAX need to know about the networks, and how a peer talks with compare.py.

A peer is a process started as  PEER NETWORK WEIGHTS IMAGES.npy CLASSES.npy METHOD THREADS MAP.npy . It loads, makes the
map once, writes it (N, H, W, C), and prints how many milliseconds that first time took, compilation included. For every
line "COUNT" it makes the map COUNT times and prints the mean of their milliseconds; when asked "memory", its resident
memory and the peak of it, MiB. It ends with its input.

The method "train" is an epoch over the images in batches of 64 instead; in place of a map it writes the mean loss of the
first one.
"""

import sys
import time

STEPS = 50
BATCH = 64

# Layers as PyTorch numbers them: ("conv", out, padding), ("relu",), ("pool",), ("mean",), ("flatten",), ("dense", out)
VALID, SAME = 0, 1


def conv(*filters, padding=SAME):
    return [layer for f in filters for layer in (("conv", f, padding), ("relu",))]


VGG16 = [layer for block in ((64,) * 2, (128,) * 2, (256,) * 3, (512,) * 3, (512,) * 3)
         for layer in conv(*block) + [("pool",)]]
# The first three blocks of VGG at half their widths, pooled: any size of image will do.
SIZED = conv(32, 32) + [("pool",)] + conv(64, 64) + [("pool",)] + conv(128, 128) + [("mean",), ("flatten",), ("dense", 10)]
SIZES = (28, 56, 112, 224)
NETWORKS = {
    "perceptron": [("flatten",), ("dense", 128), ("relu",), ("dense", 10)],
    "cnn": conv(16, 32, padding=VALID) + [("flatten",), ("dense", 10)],
    "deep_cnn": conv(16, 16) + [("pool",)] + conv(32, 32) + [("pool",), ("flatten",), ("dense", 10)],
    "pooled_cnn": conv(16, 32, padding=VALID) + [("pool",)] + conv(64, 64) + [("mean",), ("flatten",), ("dense", 10)],
    "vgg16": VGG16 + [("flatten",), ("dense", 4096), ("relu",), ("dense", 4096), ("relu",), ("dense", 1000)],
    **{f"sized_{size}": SIZED for size in SIZES},
}
INPUTS = {name: (28, 28, 1) for name in NETWORKS} | {"vgg16": (224, 224, 3)} | {
    f"sized_{size}": (size, size, 3) for size in SIZES}


def trained(network):
    """Whether its weights come with the project, and its images are digits."""
    return INPUTS[network][2] == 1


def last_convolution(network):
    """The index of the ReLU after the last convolution, where Grad-CAM looks."""
    return max(i for i, layer in enumerate(NETWORKS[network]) if layer[0] == "conv") + 1


def applies(method, network):
    return network != "perceptron" or method not in ("grad_cam", "guided_grad_cam", "deconvolution")


def memory():
    with open("/proc/self/status") as status:
        kib = dict(line.split(":", 1) for line in status)
    return [int(kib[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]


def serve(make_map, save):
    """make_map() returns when the map is there; save(map) writes it."""
    start = time.perf_counter()
    result = make_map()
    print(1000 * (time.perf_counter() - start), flush=True)
    save(result)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(*memory(), flush=True)
            continue
        count = int(line)
        start = time.perf_counter()
        for _ in range(count):
            make_map()
        print(1000 * (time.perf_counter() - start) / count, flush=True)
