# SPDX-License-Identifier: MIT
"""python random_weights.py NETWORK FILE.safetensors: random weights of the usual scale (He et al. 2015)."""

import sys

import numpy as np
from safetensors.numpy import save_file

import cases

network, file = sys.argv[1:]
random, tensors = np.random.default_rng(0), {}
height, width, channels = cases.INPUTS[network]
for i, (kind, *how) in enumerate(cases.NETWORKS[network]):
    if kind == "conv" and how[1] == cases.VALID:
        height, width = height - 2, width - 2
    if kind == "pool":
        height, width = height // 2, width // 2
    if kind == "mean":
        height = width = 1
    if kind == "flatten":
        channels *= height * width
    if kind in ("conv", "dense"):
        shape = (how[0], channels, 3, 3) if kind == "conv" else (how[0], channels)
        weight = random.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / np.prod(shape[1:])))
        tensors[f"{i}.weight"], tensors[f"{i}.bias"] = weight, np.zeros(how[0], np.float32)
        channels = how[0]
save_file(tensors, file)
