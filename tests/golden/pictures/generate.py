# SPDX-License-Identifier: MIT
"""Writes references.json, what Pillow and torchvision make of pictures: python generate.py

Needs Pillow 13.0.0, numpy 2.4.6 and torchvision 0.29.2, which need no network and no weights here. JPEGs are encoded by
Pillow. Pixels are stored as their number, their FNV-1a hash and the first of them.
"""

import base64
import io
import json
import pathlib

import numpy as np
from PIL import Image, ImageOps
from torchvision.transforms import InterpolationMode, functional

FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
MODES = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}


def pattern(height, width, channels):
    """The picture that the test makes too: a ramp with noise of a linear congruential generator."""
    state = np.uint32(height * 7919 + width * 104729 + channels)
    values = np.empty(height * width * channels, np.uint8)
    with np.errstate(over="ignore"):
        for i in range(values.size):
            state = state * np.uint32(1664525) + np.uint32(1013904223)
            noise = int(state >> np.uint32(24))
            values[i] = noise if (i // 64) % 2 else (i // channels) % 256
    shape = (height, width) if channels == 1 else (height, width, channels)
    return Image.fromarray(values.reshape(shape))


def facts(image):
    pixels = np.asarray(image, np.uint8)
    digest = 0xCBF29CE484222325
    for byte in pixels.tobytes():
        digest = (digest ^ byte) * 0x100000001B3 % 2**64
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    return {"extent": [*pixels.shape[:2], channels], "hash": f"{digest:016x}", "first": pixels.flatten()[:24].tolist()}


def resizes():
    sizes = [((7, 5), (7, 5)), ((7, 5), (3, 2)), ((5, 7), (11, 20)), ((1, 1), (4, 3)), ((40, 1), (3, 3)), ((64, 48), (28, 28)),
             ((97, 131), (32, 24)), ((33, 200), (33, 50)), ((200, 33), (50, 33)), ((150, 100), (1, 1)), ((300, 420), (224, 224)),
             ((300, 60), (32, 24)), ((131, 40), (40, 30)), ((131, 40), (40, 50))]
    for source, to in sizes:
        for channels in (1, 3):
            for name, f in FILTERS.items():
                image = pattern(*source, channels).resize((to[1], to[0]), f)
                yield {"source": [*source, channels], "to": to, "filter": name, **facts(image)}


def torchvision_fit(image, resize, crop, mode):
    return functional.center_crop(functional.resize(image, [resize], MODES[mode], antialias=True), crop)


def lite_fit(image, resize, crop, mode):
    """Crops a square of crop / resize of the shorter side, then resizes, as for EfficientNet-Lite."""
    side = round(min(image.size) * crop[0] / resize)
    left, top = ((n - side) // 2 for n in image.size)
    return image.resize((crop[1], crop[0]), FILTERS[mode], (left, top, left + side, top + side))


def fits():
    for source in ((60, 80), (81, 60), (32, 32), (31, 200), (200, 31), (141, 90), (299, 401)):
        for resize, crop in ((32, (28, 28)), (36, (32, 32)), (29, (24, 24))):
            for name in FILTERS:
                image = pattern(*source, 3)
                for first, fit in ((False, torchvision_fit), (True, lite_fit)):
                    yield {"source": [*source, 3], "to": crop, "filter": name, "resize": resize, "crop_first": first,
                           **facts(fit(image, resize, crop, name))}


def encoded(image, orientation=None, **options):
    out, exif = io.BytesIO(), Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    image.save(out, "JPEG", exif=exif, **options)
    return out.getvalue()


def jpegs():
    colour, grey, small = pattern(37, 50, 3), pattern(37, 50, 1), pattern(5, 9, 3)
    cases = {
        "baseline": encoded(colour, quality=85),
        "no subsampling": encoded(colour, quality=90, subsampling=0),
        "4:2:2": encoded(colour, quality=90, subsampling=1),
        "progressive": encoded(colour, quality=80, progressive=True),
        "grey": encoded(grey, quality=85),
        "progressive grey": encoded(grey, quality=85, progressive=True),
        "kept as RGB": encoded(colour, quality=90, keep_rgb=True),
        "CMYK": encoded(colour.convert("CMYK"), quality=90),
        "restart markers": encoded(colour, quality=85, restart_marker_blocks=2),
        "one pixel": encoded(pattern(1, 1, 3)),
    } | {f"orientation {n}": encoded(small, n, quality=95, subsampling=0) for n in range(0, 10)}
    for name, data in cases.items():
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        yield {"name": name, "jpeg": base64.b64encode(data).decode(), "colour": facts(image.convert("RGB")),
               "grey": facts(image.convert("L") if image.mode != "CMYK" else image.convert("RGB").convert("L"))}


if __name__ == "__main__":
    everything = {"resize": list(resizes()), "fit": list(fits()), "jpeg": list(jpegs())}
    file = pathlib.Path(__file__).with_name("references.json")
    file.write_text("{" + ",\n".join(
        f'"{kind}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "]" for kind, cases in everything.items()) + "}\n")
