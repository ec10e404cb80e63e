# SPDX-License-Identifier: MIT
"""What is compared, and how a peer talks with compare.py.

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

DIGITS = ("perceptron", "cnn", "deep_cnn", "pooled_cnn")  # weights and images come with the project
TORCHVISION = ("vgg16", "resnet18", "resnet50", "mobilenet_v2", "densenet121", "efficientnet_b0")
SIZES = (28, 56, 112, 224)
INPUTS = ({name: (28, 28, 1) for name in DIGITS} | {name: (224, 224, 3) for name in TORCHVISION} |
          {f"sized_{size}": (size, size, 3) for size in SIZES})


def applies(method, network):
    if network in TORCHVISION:
        return method in ("gradients", "grad_cam")
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
