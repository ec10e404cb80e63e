# SPDX-License-Identifier: MIT
"""python random_vgg16.py FILE.safetensors: VGG-16 with random weights of the usual scale (He et al. 2015)."""

import sys

import numpy as np
from safetensors.numpy import save_file

import cases

random, tensors = np.random.default_rng(0), {}
height, width, channels = cases.INPUTS["vgg16"]
for i, (kind, *how) in enumerate(cases.NETWORKS["vgg16"]):
    if kind == "pool":
        height, width = height // 2, width // 2
    if kind == "flatten":
        channels *= height * width
    if kind in ("conv", "dense"):
        shape = (how[0], channels, 3, 3) if kind == "conv" else (how[0], channels)
        weight = random.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / np.prod(shape[1:])))
        tensors[f"{i}.weight"], tensors[f"{i}.bias"] = weight, np.zeros(how[0], np.float32)
        channels = how[0]
save_file(tensors, sys.argv[1])
