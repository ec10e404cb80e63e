# SPDX-License-Identifier: MIT
# explain.py LIBRARY FOLDER: Python must find the maps that reference.cpp has written to FOLDER.
import pathlib
import sys

import numpy as np
from salient import Model, SalientError

library, folder = sys.argv[1], pathlib.Path(sys.argv[2])
model = Model(library, device="cpu_pool", threads=2)
assert model.input_shape == (16, 16, 3) and model.classes == 2, (model.input_shape, model.classes)
assert model.class_name(1) == "dog, hound"
assert {"gradients", "grad_cam", "integrated_gradients", "rise"} <= set(model.methods())
image = model.read_image(folder / "picture.png")


def equal(name, found):
    wanted = np.load(folder / f"{name}.npy").reshape(found.shape)
    assert np.abs(wanted).max() > 0, name
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6 * np.abs(wanted).max(), err_msg=name)


equal("scores", model.predict(image))
equal("integrated_gradients", model.explain(image, "integrated_gradients", 1, steps=7))
equal("grad_cam", model.explain(image, "grad_cam"))
two = model.explain(np.stack([image, 1 - image]), "gradients", [0, 1], score="probability")
assert two.shape == (2, 16, 16, 3) and (two[0] != two[1]).any()
pair = np.stack([image, image])
np.testing.assert_array_equal(model.explain(pair, "gradients", [1]), model.explain(pair, "gradients", 1))
for bad, words in (
        (lambda: model.explain(image, "astrology"), "there is no method 'astrology'"),
        (lambda: model.predict(image[1:]), "images of the shape (15, 16, 3) do not fit the input (16, 16, 3)"),
        (lambda: Model(library, weights=folder / "absent"), "absent"),
        (lambda: model.explain(pair, "gradients", [0, 1, 0]),
         "classes must be one number, or as many as images (2); got the shape (3,)"),
        (lambda: model.explain(pair, "gradients", [[0, 1]]), "as many as images (2); got the shape (1, 2)"),
        (lambda: model.explain(image, "gradients", []), "as many as images (1); got the shape (0,)"),
        (lambda: model.explain(image, "gradients", 2), "classes must be whole numbers of 0 to 1, got 2"),
        (lambda: model.explain(image, "gradients", -1), "whole numbers of 0 to 1, got -1"),
        (lambda: model.explain(image, "gradients", 0.5), "whole numbers of 0 to 1, got 0.5"),
        (lambda: model.explain(image, "gradients", 2**32), "whole numbers of 0 to 1, got 4294967296")):
    try:
        bad()
    except SalientError as refusal:
        assert words in str(refusal), (words, refusal)
    else:
        raise AssertionError(f"accepted what is bad: {words}")

# Weights of zeros, for the map that is zero everywhere: the header of a safetensors file has 8 bytes and its length.
weights = (folder / "tiny.safetensors").read_bytes()
header = 8 + int.from_bytes(weights[:8], "little")
(folder / "zeros.safetensors").write_bytes(weights[:header] + bytes(len(weights) - header))
assert not Model(library, weights=folder / "zeros.safetensors").explain(image, "gradients", 0).any()
print("Python finds the maps of C++")
