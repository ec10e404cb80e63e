# SPDX-License-Identifier: MIT
"""Numbers that this side and formula.hpp compute alike, so that no weights need be stored.

A hash of a name and an index gives 24 bits, they a number in [-1, 1), and that, scaled, a parameter. Every step is exact
or rounds as IEEE 754 says; parameters and images are exact in float32.
"""

import numpy as np


def fnv1a(name):
    h = 0x811C9DC5
    for byte in name.encode():
        h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    return h


def bits(name, count):
    """32 bits for each index: MurmurHash3's finaliser of the name's hash plus so many golden ratios."""
    h = np.arange(count, dtype=np.uint32)
    h *= np.uint32(0x9E3779B9)
    h += np.uint32(fnv1a(name))
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        h ^= h >> np.uint32(shift)
        h *= np.uint32(factor)
    h ^= h >> np.uint32(16)
    return h


def uniform(name, count):
    """In [-1, 1), float64."""
    return (bits(name, count) >> np.uint32(8)) / 2.0**23 - 1


def centre_and_range(name, dimensions, exponent):
    """Where a parameter's values lie: weights keep the size of signals, as He et al. 2015 draw them."""
    if name.endswith("running_var"):
        return 2.0**exponent, 2.0**exponent / 2
    if name.endswith(("running_mean", "bias")):
        return 0.0, 0.25
    if len(dimensions) == 1 or name.endswith("layer_scale"):
        return 1.0, 0.5
    return 0.0, np.sqrt(6 / np.prod(dimensions[1:], dtype=np.int64))


def parameter(name, dimensions, exponent=0):
    """In PyTorch's order. exponent: a running variance is about 2 to the power of it."""
    centre, reach = centre_and_range(name, dimensions, exponent)
    u = uniform(name, int(np.prod(dimensions, dtype=np.int64)))
    u *= reach
    u += centre
    return u.astype(np.float32).reshape(dimensions)


def image(height, width, channels):
    """Height x width x channels."""
    return uniform("image", height * width * channels).reshape(height, width, channels)


SAMPLES, PROJECTIONS = 24, 8


def digest(values):
    """A map in a few numbers: its norms, products with vectors of signs, whose differences are as large as that of
    the whole maps, and some of its values. values: height x width x channels."""
    flat = np.ascontiguousarray(values).reshape(-1)
    signs = bits("signs", flat.size)
    places = bits("samples", SAMPLES) % np.uint32(flat.size)
    return {"shape": list(values.shape), "largest": np.abs(flat).max(), "norm": np.sqrt((flat * flat).sum()),
            "projections": [np.where(signs >> np.uint32(j) & np.uint32(1), flat, -flat).sum()
                            for j in range(PROJECTIONS)],
            "samples": flat[places].tolist()}
