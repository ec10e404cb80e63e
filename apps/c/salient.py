# SPDX-License-Identifier: MIT
"""Networks that salient_add_c_library compiled, for Python: salient.h through ctypes and NumPy."""

import ctypes
import pathlib
import re

import numpy as np

_floats = np.ctypeslib.ndpointer(np.float32, flags="C_CONTIGUOUS")


class _Shape(ctypes.Structure):
    _fields_ = [("height", ctypes.c_int), ("width", ctypes.c_int), ("channels", ctypes.c_int)]


class _Map(ctypes.Structure):
    _fields_ = [("count", ctypes.c_long), ("height", ctypes.c_int), ("width", ctypes.c_int),
                ("channels", ctypes.c_int), ("values", ctypes.POINTER(ctypes.c_float)),
                ("classes", ctypes.POINTER(ctypes.c_int)), ("scores", ctypes.POINTER(ctypes.c_float))]


_pointer, _text, _int, _long = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_long
_functions = {  # result and arguments
    "salient_error": (_text, []),
    "salient_input_shape": (_Shape, [_pointer]),
    "salient_classes": (_int, [_pointer]),
    "salient_method": (_text, [_int]),
    "salient_missing": (_text, [_pointer, _text]),
    "salient_read_image": (_int, [_pointer, _text, _floats]),
    "salient_open": (_pointer, [_pointer, _text, _text, _text]),
    "salient_close": (None, [_pointer]),
    "salient_class_name": (_text, [_pointer, _int]),
    "salient_predict": (_int, [_pointer, _floats, _long, _floats]),
    "salient_explain": (ctypes.POINTER(_Map), [_pointer, _floats, _long, _pointer, _text, _text]),
    "salient_free_map": (None, [ctypes.POINTER(_Map)]),
}


class SalientError(Exception):
    """What salient_error() says."""


def _encoded(text):
    return None if text is None else str(text).encode()


def _options(named):
    words = {True: "true", False: "false"}
    return " ".join(f"{name}={words.get(value, value) if isinstance(value, bool) else value}"
                    for name, value in named.items()).encode()


class Model:
    """A network with weights on a device.

    `library` is the file of the shared library, or its name where the system looks for libraries. Weights and
    labels are the files that were named when it was made, unless others are given; options are those of
    salient_open, such as device="cpu". One thread at a time may use it.
    """

    def __init__(self, library, weights=None, labels=None, **options):
        self._model = None
        file = pathlib.Path(library)
        # A name without a slash is looked for in the system's folders alone.
        self._c = ctypes.CDLL(str(file.resolve() if file.exists() else library))
        for name, (result, arguments) in _functions.items():
            function = getattr(self._c, name)
            function.restype, function.argtypes = result, arguments
        name = re.sub(r"^lib|\..*$", "", file.name)
        network = getattr(self._c, f"{name}_network")
        network.restype = _pointer
        self._network = network()
        s = self._c.salient_input_shape(self._network)
        self.input_shape = (s.height, s.width, s.channels)
        self.classes = self._check(self._c.salient_classes(self._network))
        self._model = self._c.salient_open(self._network, _encoded(weights), _encoded(labels), _options(options))
        self._check(0 if self._model else -1)

    def __del__(self):
        if self._model:
            self._c.salient_close(self._model)

    def _check(self, result):
        if result < 0:
            raise SalientError(self._c.salient_error().decode())
        return result

    def _images(self, images):
        """As float32, N x H x W x C; a single image, or one without its only channel, gets these dimensions."""
        images = np.asarray(images, np.float32)
        shapes = [self.input_shape] + [self.input_shape[:2]] * (self.input_shape[2] == 1)
        for shape in shapes:
            if images.shape == shape or images.size and images.shape[1:] == shape:
                return np.ascontiguousarray(images.reshape(-1, *self.input_shape))
        raise SalientError(f"images of the shape {images.shape} do not fit the input {self.input_shape}")

    def _chosen(self, classes, count):
        """A class for each of the images."""
        given = np.asarray(classes)
        if given.ndim > 1 or given.size not in (1, count):
            raise SalientError(f"classes must be one number, or as many as images ({count}); got the shape {given.shape}")
        if given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= self.classes:
            raise SalientError(f"classes must be whole numbers of 0 to {self.classes - 1}, got {classes}")
        return np.ascontiguousarray(np.broadcast_to(given, count), np.intc)

    def methods(self):
        """The names of the methods that suit the network."""
        names, index = [], 0
        while name := self._c.salient_method(index):
            if self._c.salient_missing(self._network, name) == b"":
                names.append(name.decode())
            index += 1
        return names

    def class_name(self, index):
        """The name of a class, or its number if it has none."""
        return (self._c.salient_class_name(self._model, index) or str(index).encode()).decode()

    def read_image(self, file):
        """Pixels of a PNG, JPEG or .npy file, H x W x C."""
        pixels = np.empty(self.input_shape, np.float32)
        self._check(self._c.salient_read_image(self._network, _encoded(file), pixels))
        return pixels

    def predict(self, images):
        """Class scores before any softmax: N x classes."""
        images = self._images(images)
        scores = np.empty((len(images), self.classes), np.float32)
        self._check(self._c.salient_predict(self._model, images, len(images), scores))
        return scores

    def explain(self, images, method, classes=None, **options):
        """Maps, N x h x w x c, of a class for all images, one for each, or the predicted ones; raw and signed.

        Options are the method's own, score="probability" and layer="layer4".
        """
        images = self._images(images)
        chosen = None if classes is None else self._chosen(classes, len(images))
        found = self._c.salient_explain(self._model, images, len(images),
                                        None if chosen is None else chosen.ctypes.data, _encoded(method),
                                        _options(options))
        self._check(0 if found else -1)
        m = found.contents
        maps = np.ctypeslib.as_array(m.values, (m.count, m.height, m.width, m.channels)).copy()
        self._c.salient_free_map(found)
        return maps
