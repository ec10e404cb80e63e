# SPDX-License-Identifier: MIT
"""What is compared, and how a peer talks with compare.py.

A peer is a process started as  PEER DEVICE , a number of the CPU's threads or "gpu". It serves jobs, each a map of some
images that is made again and again. It reads lines of words with tabs between, and ends with its input:

  open JOB NETWORK WEIGHTS IMAGES.npy CLASSES.npy METHOD WAY   announces a job; no answer
  compile SECONDS     compiles the jobs announced so far, in that order, as far as the time goes; prints how many it did
  first JOB MAP.npy   loads, makes the map once, writes it (N, H, W, C); prints how many milliseconds the map took,
                      compilation included where "compile" has not done it
  time JOB COUNT      makes the map COUNT times; prints the mean of their milliseconds
  memory              prints its resident memory and the peak of it, MiB
  close JOB           forgets the job; no answer

Instead of an answer it prints "error" and why in one line. Images are in the host's memory before, and the map after.
WAY is a list of words joined by "+": what a peer understands by them is said in its file; on a GPU "float32" or "tf32"
is one of them, the precision of convolutions and products.

The method "forward" writes scores in place of a map (N, 1, 1, classes). "train" is an epoch over the images in batches of
64; in place of a map it writes the mean loss of the first one.
"""

import sys
import time

STEPS = 50  # of integrated gradients, and samples of SmoothGrad
DEVIATION = 0.15  # of SmoothGrad's noise, in shares of the range of an image
BATCH = 64

DIGITS = ("perceptron", "cnn", "deep_cnn", "pooled_cnn")  # weights and images come with the project
TORCHVISION = ("vgg16", "resnet18", "resnet50", "mobilenet_v2", "densenet121", "efficientnet_b0", "squeezenet1_1")
SLOW = ("integrated_gradients", "smooth_grad")  # of torchvision's networks, of ResNet-50 alone
SIZES = (28, 56, 112, 224)
INPUTS = ({name: (28, 28, 1) for name in DIGITS} | {name: (224, 224, 3) for name in TORCHVISION} |
          {f"sized_{size}": (size, size, 3) for size in SIZES})


def applies(method, network):
    if network in TORCHVISION:
        return method in ("gradients", "grad_cam", "forward") or network == "resnet50" and method in SLOW
    if method == "smooth_grad":
        return False
    return network != "perceptron" or method not in ("grad_cam", "guided_grad_cam", "deconvolution")


def memory():
    with open("/proc/self/status") as status:
        kib = dict(line.split(":", 1) for line in status)
    return [int(kib[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]


class Case:
    """A job's words, before anything is loaded."""

    def __init__(self, network, weights, images, classes, method, way):
        self.network, self.weights, self.images, self.classes, self.method = network, weights, images, classes, method
        self.way = set(way.split("+"))


def timed(make_map, count=1):
    """The last map, and the mean of their milliseconds."""
    start = time.perf_counter()
    for _ in range(count):
        result = make_map()
    return result, 1000 * (time.perf_counter() - start) / count


def serve(load, compile_ahead=lambda cases, seconds: 0):
    """load(case) gives make_map, which returns when the map is there, and save(map, file)."""
    cases, jobs = {}, {}

    def answer(what, words):
        if what == "compile":
            return [compile_ahead(list(cases.values()), float(words[0]))]
        if what == "memory":
            return memory()
        if what == "first":
            job, file = words
            jobs[job] = make_map, save = load(cases[job])
            result, milliseconds = timed(make_map)
            save(result, file)
            return [milliseconds]
        job, count = words
        return [timed(jobs[job][0], int(count))[1]]

    for line in sys.stdin:
        what, *words = line.rstrip("\n").split("\t")
        if what == "open":
            cases[words[0]] = Case(*words[1:])
        elif what == "close":
            cases.pop(words[0]), jobs.pop(words[0], None)
        else:
            try:
                print(*answer(what, words), flush=True)
            except Exception as e:
                print("error", type(e).__name__, " ".join(str(e).split())[:300], flush=True)
