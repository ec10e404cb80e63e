# SPDX-License-Identifier: MIT
import sys
import numpy as np
from salient import Model

library, picture, method = sys.argv[1:4]
model = Model(library)
image = model.read_image(picture)
where = np.abs(model.explain(image, method)[0]).sum(axis=-1)
print("class", model.class_name(model.predict(image).argmax()))
for row in where / (where.max() or sys.exit("The map is zero everywhere.")):
    print("".join(" .:-=+*#%@"[int(9 * v)] for v in row))
