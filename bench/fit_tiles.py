# SPDX-License-Identifier: MIT
"""bench.tiles's lines -> the constants of src/kernel/cuda/tiling.cpp, and how well the choice that follows from them does.

  build/release/bench/bench.tiles >tiles.txt && python3 bench/fit_tiles.py tiles.txt

Needs numpy and scipy. bench/tiles.txt was measured on an NVIDIA H200 (driver 580, CUDA 13.0) on 27 November 2026; its
"mnist" layers had batches of 1 and 50, and it has the convolutions of MobileNetV2 besides.
"""

import argparse
import collections

import numpy as np
from scipy.optimize import minimize

SHAPES = {"large": (128, 128), "tall": (128, 64), "square": (64, 64), "flat": (16, 64), "narrow": (128, 16)}
RESIDENT = {"large": 2, "tall": 2, "square": 4, "flat": 4, "narrow": 4}
LAUNCH, ADDING = 1300, 3000  # ns of the kernel that adds parts, and sums a ns; the times say little of the second


def depth_of(tile, arithmetic):
    return 32 if arithmetic == "tf32" or tile == "flat" else 16


def read(path):
    with open(path) as lines:
        for line in lines:
            if not line.startswith("#"):
                *names, rows, columns, depth, copies, tile, parts, time = line.split()
                yield tuple(names), tuple(map(int, (rows, columns, depth, copies))), tile, int(parts), float(time)


def features(row, multiprocessors):
    (_, _, _, arithmetic), (rows, columns, depth, copies), tile, parts, time = row
    high, wide = SHAPES[tile]
    steps = max(-(-depth // depth_of(tile, arithmetic)), 1)
    each = -(-steps // parts)
    blocks = -(-rows // high) * -(-columns // wide) * copies * parts
    return each, -(-blocks // multiprocessors), RESIDENT[tile], parts, rows * columns * copies, time


def predicted(kinds, f, parameters):
    """Nanoseconds: waves of blocks that run together, each a fixed part and its steps."""
    step, latency, fixed = np.exp(parameters).reshape(-1, 3)[kinds].T
    each, blocks, resident, parts, sums, _ = f
    wave = lambda running: fixed + each * np.maximum(latency, running * step)
    time = blocks // resident * wave(resident) + np.where(blocks % resident > 0, wave(blocks % resident), 0)
    return time + np.where(parts > 1, LAUNCH + sums * (2 * parts + 1) / ADDING, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("times")
    parser.add_argument("--multiprocessors", type=int, default=132)
    arguments = parser.parse_args()
    # A product with one row has a kernel of its own.
    rows = [row for row in read(arguments.times) if row[1][0] > 1]
    names = sorted({(row[2], row[0][3]) for row in rows})
    kinds = np.array([names.index((row[2], row[0][3])) for row in rows])
    f = np.array([features(row, arguments.multiprocessors) for row in rows], float).T
    error = lambda p: np.log(predicted(kinds, f, p) / (1000 * f[-1]))
    parameters = np.log([[600, 700, 6000]] * len(names)).ravel()
    for _ in range(4):
        parameters = minimize(lambda p: np.mean(error(p) ** 2), parameters, method="Powell",
                              options={"maxiter": 20000, "maxfev": 60000}).x
    print(f"{len(rows)} times; half of the predictions are within {100 * np.median(abs(error(parameters))):.0f} %")
    print("tile arithmetic: step, latency, fixed part (ns)")
    for (tile, arithmetic), values in zip(names, np.exp(parameters).reshape(-1, 3)):
        print(f"{tile} {arithmetic}: " + ", ".join(f"{v:.0f}" for v in values))

    # TF32 may also choose the float32 kernels of flat and narrow tiles.
    layers = collections.defaultdict(list)
    for i, (name, _, tile, _, _) in enumerate(rows):
        layers[name].append(i)
        if name[3] == "float32" and tile in ("flat", "narrow"):
            layers[(*name[:3], "tf32")].append(i)
    times, told = f[-1], predicted(kinds, f, parameters)
    best = sum(times[of].min() for of in layers.values())
    chosen = sum(times[of][np.argmin(told[of])] for of in map(np.array, layers.values()))
    print(f"all layers, the best that was measured: {best:.0f} us; what is chosen: {chosen:.0f} us")


main()
