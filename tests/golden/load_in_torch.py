# SPDX-License-Identifier: MIT
"""Loads the trained weights with load_state_dict and classifies the 10,000 committed test digits.

data/classes.safetensors holds the classes that PyTorch gives (--write writes it); classifiers.test.cpp expects the
library to give the same, digit by digit.
"""

import argparse
import pathlib

import torch
from safetensors.torch import load_file, save_file

import mnist

CLASSES = pathlib.Path(__file__).parent / "data/classes.safetensors"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the classes instead of comparing with them")
    write = parser.parse_args().write
    images, labels = mnist.images(), mnist.labels()
    committed = {} if write else load_file(CLASSES)
    found = {}
    for name, net in mnist.trained().items():
        with torch.no_grad():
            scores = torch.cat([net(some) for some in images.split(500)])
        classes = scores.argmax(dim=1)
        best = scores.topk(2, dim=1).values
        print(f"{name}: {(classes == labels).double().mean() * 100:.2f} % of {len(labels)} test digits in PyTorch; "
              f"the closest call is by {(best[:, 0] - best[:, 1]).min():.1e}", end="")
        found[name] = classes.to(torch.uint8)
        print("" if write else f"; {(found[name] != committed[name]).sum()} classified otherwise than the library does")
        assert write or torch.equal(found[name], committed[name])
    if write:
        save_file(found, CLASSES)


if __name__ == "__main__":
    main()
