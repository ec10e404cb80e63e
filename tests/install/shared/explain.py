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
for bad in (lambda: model.explain(image, "astrology"), lambda: model.predict(image[1:]),
            lambda: Model(library, weights=folder / "absent"), lambda: model.explain(image, "gradients", 2)):
    try:
        bad()
    except SalientError as refusal:
        assert str(refusal)
    else:
        raise AssertionError("accepted what is bad")
print("Python finds the maps of C++")
