# SPDX-License-Identifier: MIT
"""Tests apps/photos/torch_file.py on files that are put together here, byte by byte: python3 torch_file.py"""

import contextlib
import json
import pathlib
import pickle
import random
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "apps/photos"))
sys.dont_write_bytecode = True

import torch_file
from torch_file import Refused

# A pickle's instructions.
PROTO, STOP, MARK, REDUCE, PERSISTENT, BUILD = b"\x80\x02", b".", b"(", b"R", b"Q", b"b"
TUPLE, EMPTY_TUPLE, EMPTY_DICT, EMPTY_LIST, SET_ITEMS, APPENDS = b"t", b")", b"}", b"]", b"u", b"e"
NONE, FALSE = b"N", b"\x89"

BEGINNING = (PROTO + b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19" + STOP +
             PROTO + b"M\xe9\x03" + STOP +
             pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {"int": 4}}, 2))


def text(value):
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def number(value):
    return b"K" + bytes([value]) if value < 256 else b"J" + struct.pack("<i", value)


def name(module, member):
    return b"c" + f"{module}\n{member}\n".encode()


def counts(values):
    return MARK + b"".join(map(number, values)) + TUPLE


def storage(key, kind, count):
    return (MARK + text("storage") + name("torch", kind) + text(key) + text("cpu") + number(count) + NONE + TUPLE +
            PERSISTENT)


def tensor(where, offset, size, stride):
    return (name("torch._utils", "_rebuild_tensor_v2") + MARK + where + number(offset) + counts(size) +
            counts(stride) + FALSE + name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + TUPLE + REDUCE)


def state(items):
    """As state_dict has it: with the versions of the modules as an attribute."""
    result = PROTO + name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE + MARK
    for key, value in items:
        result += text(key) + value
    return result + SET_ITEMS + EMPTY_DICT + MARK + text("_metadata") + EMPTY_DICT + SET_ITEMS + BUILD + STOP


def numbers(*storages):
    """(key, struct's letter, values) of each."""
    result = PROTO + EMPTY_LIST + MARK + b"".join(text(key) for key, _, _ in storages) + APPENDS + STOP
    for _, letter, values in storages:
        result += struct.pack("<q", len(values)) + struct.pack(f"<{len(values)}{letter}", *values)
    return result


def one(value, letter="f", values=(1, 2, 3, 4, 5, 6), key="a"):
    """A file with one storage, and of it one tensor, or what stands for it."""
    return BEGINNING + state([("w", value)]) + numbers((key, letter, values))


FLOATS = storage("a", "FloatStorage", 6)
MATRIX = one(tensor(FLOATS, 0, (2, 3), (3, 1)))
# Two tensors share a storage, one of them transposed and one a part; a third counts batches.
LARGER = (BEGINNING +
          state([("layer.weight", tensor(FLOATS, 0, (3, 2), (1, 3))),
                 ("layer.bias", tensor(FLOATS, 4, (2,), (1,))),
                 ("layer.num_batches_tracked", tensor(storage("b", "LongStorage", 1), 0, (), ()))]) +
          numbers(("b", "q", [7]), ("a", "f", [1, 2, 3, 4, 5, 6])))


LETTERS = {"FloatStorage": "f", "LongStorage": "q", "ByteStorage": "B", "HalfStorage": "e"}


def values_of(data):
    """The tensors as lists, by name."""
    tensors, stored = torch_file.read(data)
    result = {}
    for key, value in tensors.items():
        letter = LETTERS[value.storage.type]
        content = b"".join(torch_file.pieces(value, stored))
        result[key] = [v for v, in struct.iter_unpack("<" + letter, content)]
    return result


class Reading(unittest.TestCase):
    def refuses(self, data, *words):
        with self.assertRaises(Refused) as raised:
            torch_file.read(data)
        for word in words:
            self.assertIn(word, str(raised.exception))
        self.assertNotIn("\n", str(raised.exception))

    def test_a_matrix(self):
        self.assertEqual(values_of(MATRIX), {"w": [1, 2, 3, 4, 5, 6]})

    def test_shared_and_transposed_storages(self):
        self.assertEqual(values_of(LARGER), {"layer.weight": [1, 4, 2, 5, 3, 6], "layer.bias": [5, 6],
                                             "layer.num_batches_tracked": [7]})

    def test_strides(self):
        for size, stride, expected in (
                ((2, 1, 3), (3, 9, 1), [1, 2, 3, 4, 5, 6]), ((3, 1, 2), (1, 1, 3), [1, 4, 2, 5, 3, 6]),
                ((3,), (2,), [1, 3, 5]), ((2, 0), (1, 1), []), ((1, 1), (5, 5), [1]),
                ((3, 2), (2, 0), [1, 1, 3, 3, 5, 5]), ((2, 3), (0, 1), [1, 2, 3] * 2)):
            with self.subTest(size=size, stride=stride):
                self.assertEqual(values_of(one(tensor(FLOATS, 0, size, stride))), {"w": expected})

    def test_other_types(self):
        for kind, values in (("ByteStorage", [0, 255]), ("HalfStorage", [0.5, -2]), ("LongStorage", [-1, 2**40])):
            file = one(tensor(storage("a", kind, 2), 0, (2,), (1,)), LETTERS[kind], values)
            self.assertEqual(values_of(file), {"w": values})

    def test_every_truncation_is_refused(self):
        for file in (MATRIX, LARGER):
            for length in range(len(file)):
                with self.subTest(length=length):
                    self.refuses(file[:length])

    def test_every_mutation_is_read_or_refused(self):
        random.seed(1)
        for at in range(len(LARGER)):
            for value in {0, 1, 0x28, 0x2E, 0x52, 0x7F, 0x80, 0xFF, *random.sample(range(256), 4)}:
                mutated = LARGER[:at] + bytes([value]) + LARGER[at + 1:]
                with contextlib.suppress(Refused):
                    tensors, stored = torch_file.read(mutated)
                    total = sum(len(piece) for t in tensors.values() for piece in torch_file.pieces(t, stored))
                    self.assertLessEqual(total, len(mutated))

    def test_random_bytes_behind_the_header_are_refused(self):
        random.seed(2)
        for _ in range(2000):
            self.refuses(BEGINNING + PROTO + random.choice((b"", b"}", b"]", b"(")) + random.randbytes(40))

    def test_functions_are_refused_and_not_called(self):
        for module, member in (("os", "system"), ("posix", "system"), ("builtins", "eval"), ("torch", "load"),
                               ("collections", "Counter")):
            call = name(module, member) + MARK + text("exit 3") + TUPLE + REDUCE
            for file in (one(call), call + STOP, PROTO + call + STOP, BEGINNING + PROTO + call + STOP):
                self.refuses(file)
            self.refuses(one(call), f"{module}.{member}")
        self.refuses(one(text("os") + text("system") + b"\x93"), "STACK_GLOBAL")
        self.refuses(one(b"i" + b"os\nsystem\n"), "INST")
        self.refuses(one(name("torch", "FloatStorage") + EMPTY_TUPLE + REDUCE), "no function")

    def test_other_formats(self):
        self.refuses(b"PK\x03\x04", "newer format")
        self.refuses(b"", "old format")
        self.refuses(b"<html>", "old format")
        self.refuses(pickle.dumps({}, 2), "first number")
        self.refuses(pickle.dumps({}, 4), "protocol")
        self.refuses(BEGINNING[:15] + pickle.dumps(1002, 2), "unknown version")
        self.refuses(BEGINNING[:21] + pickle.dumps({"little_endian": False}, 2), "little-endian")

    def test_wrong_tensors(self):
        self.refuses(one(tensor(FLOATS, 0, (2, 4), (3, 1))), "more numbers than its storage")
        self.refuses(one(tensor(FLOATS, 1, (2, 3), (3, 1))), "beyond its storage")
        self.refuses(one(tensor(FLOATS, 0, (2,), (6,))), "beyond its storage")
        self.refuses(one(tensor(FLOATS, 0, (255,) * 8, (0,) * 8)), "more numbers than its storage")
        self.refuses(one(tensor(FLOATS, 0, (2,), (1, 1))), "wrong")
        backwards = tensor(FLOATS, 0, (2,), (1,)).replace(counts((1,)), MARK + b"J\xff\xff\xff\xff" + TUPLE)
        self.refuses(one(backwards), "wrong")
        self.refuses(one(number(3)), "'w' is no tensor")
        self.refuses(one(FLOATS), "'w' is no tensor")
        self.refuses(BEGINNING + PROTO + EMPTY_LIST + STOP, "no state_dict")
        self.refuses(BEGINNING + state([]), "no state_dict")
        for wrong in ("__metadata__", "a\nb", ""):
            self.refuses(BEGINNING + state([(wrong, tensor(FLOATS, 0, (1,), (1,)))]), "no name for a tensor")

    def test_wrong_storages(self):
        value = tensor(FLOATS, 0, (6,), (1,))
        self.refuses(one(value, key="b"), "list of storages")
        self.refuses(one(value, values=(1, 2)), "shorter or longer")
        self.refuses(MATRIX + b"\0", "behind its last storage")
        twice = [("v", value), ("w", tensor(storage("a", "IntStorage", 6), 0, (6,), (1,)))]
        self.refuses(BEGINNING + state(twice) + numbers(("a", "f", range(6))), "two ways")
        many = [(f"w{i}", value) for i in range(400)]
        self.assertEqual(len(values_of(BEGINNING + state(many) + numbers(("a", "f", range(6))))), 400)

    def test_a_small_file_does_not_become_a_large_one(self):
        long = storage("a", "FloatStorage", 10**5)
        put, get = b"r\0\0\0\0", b"j\0\0\0\0"
        many = [("w", tensor(long, 0, (10**5,), (1,)) + put), *((f"w{i}", get) for i in range(100))]
        self.refuses(BEGINNING + state(many) + numbers(("a", "f", [0] * 10**5)), "larger than the file")
        nested = EMPTY_TUPLE + b"".join(b"q\0h\0h\0\x87" for _ in range(1000))
        self.refuses(one(nested), "'w' is no tensor")


class Writing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def convert(self, data):
        source = self.folder / "in.pth"
        source.write_bytes(data)
        torch_file.main([str(source), str(self.folder / "out.safetensors")])
        return (self.folder / "out.safetensors").read_bytes()

    def test_the_file(self):
        written = self.convert(LARGER)
        length, = struct.unpack("<Q", written[:8])
        self.assertEqual(length % 8, 0)
        self.assertEqual(json.loads(written[8:8 + length]), {
            "layer.num_batches_tracked": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]},
            "layer.bias": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]},
            "layer.weight": {"dtype": "F32", "shape": [3, 2], "data_offsets": [16, 40]}})
        self.assertEqual(written[8 + length:], struct.pack("<q8f", 7, 5, 6, 1, 4, 2, 5, 3, 6))

    def test_a_refusal_is_one_line_and_leaves_what_was_there(self):
        before = self.convert(MATRIX)
        with self.assertRaises(SystemExit) as raised:
            self.convert(MATRIX[:-1])
        self.assertEqual(str(raised.exception),
                         f"torch_file.py: cannot convert {self.folder / 'in.pth'}: it ends within a storage")
        self.assertEqual((self.folder / "out.safetensors").read_bytes(), before)
        self.assertEqual(sorted(f.name for f in self.folder.iterdir()), ["in.pth", "out.safetensors"])

    def test_files_that_are_not_there(self):
        with self.assertRaises(SystemExit) as raised:
            torch_file.main([str(self.folder / "none"), str(self.folder / "out")])
        self.assertIn("No such file", str(raised.exception))
        with self.assertRaises(SystemExit):
            torch_file.main([])


if __name__ == "__main__":
    unittest.main()
