#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the tensors of a file in PyTorch's old format as safetensors: torch_file.py FILE.pth FILE.safetensors

That format, which torch.save wrote until version 1.5, is five pickles and then the numbers. A pickle is a
program that may call any function. This reader calls none: it knows the few instructions that a state_dict
needs, gives the few names in them a meaning of its own, and refuses the rest. It needs nothing but Python's
standard library.
"""

import io
import itertools
import json
import math
import os
import pathlib
import pickletools
import struct
import sys
import tempfile
from typing import NamedTuple

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
# By the name of PyTorch's class of storage: safetensors' name of the type, and its bytes.
TYPES = {"DoubleStorage": ("F64", 8), "FloatStorage": ("F32", 4), "HalfStorage": ("F16", 2),
         "BFloat16Storage": ("BF16", 2), "LongStorage": ("I64", 8), "IntStorage": ("I32", 4),
         "ShortStorage": ("I16", 2), "CharStorage": ("I8", 1), "ByteStorage": ("U8", 1),
         "BoolStorage": ("BOOL", 1)}
NAMES = {"collections OrderedDict", "torch._utils _rebuild_tensor_v2", *(f"torch {name}" for name in TYPES)}


class Refused(Exception):
    """Says in words why a file is not read."""


class Name(NamedTuple):
    """Stands for one of NAMES. Nothing is ever imported."""
    text: str


class Storage(NamedTuple):
    key: str
    type: str
    count: int


class Tensor(NamedTuple):
    storage: Storage
    offset: int
    size: tuple
    stride: tuple


def need(condition, reason):
    if not condition:
        raise Refused(reason)


def is_count(value):
    return type(value) is int and 0 <= value < 2**48


def are_counts(values):
    return type(values) is tuple and len(values) <= 16 and all(map(is_count, values))


class Machine:
    """Carries out a pickle's instructions: one function for each, which gets the instruction's argument."""

    def __init__(self):
        self.stack = []
        self.outer = []  # the stacks below the marks
        self.memo = {}

    def pop(self):
        need(self.stack, "an instruction finds nothing to work on")
        return self.stack.pop()

    def pop_mark(self):
        need(self.outer, "a mark is missing")
        items, self.stack = self.stack, self.outer.pop()
        return items

    def push(self, value):
        self.stack.append(value)

    def mark(self, _):
        self.outer.append(self.stack)
        self.stack = []

    def put(self, index):
        need(self.stack, "an instruction finds nothing to work on")
        self.memo[index] = self.stack[-1]

    def get(self, index):
        need(index in self.memo, "an instruction asks for a value that was never stored")
        self.push(self.memo[index])

    def name(self, text):
        need(text in NAMES, f"it wants {text[:80].replace(' ', '.')!a}, which no state_dict needs")
        self.push(Name(text))

    def tuple_of(self, count):
        self.push(tuple(reversed([self.pop() for _ in range(count)])))

    def set_items(self, items):
        need(len(items) % 2 == 0, "a key has no value")
        need(self.stack and type(self.stack[-1]) is dict, "it sets items of what is no dictionary")
        for key, value in zip(items[::2], items[1::2]):
            need(type(key) is str, "a key is no text")
            self.stack[-1][key] = value

    def append_all(self, items):
        need(self.stack and type(self.stack[-1]) is list, "it appends to what is no list")
        self.stack[-1] += items

    def build(self, _):
        """A state_dict has one attribute, the versions of its modules, which nobody needs here."""
        need(type(self.pop()) is dict and self.stack and type(self.stack[-1]) is dict,
             "it sets an object's attributes")

    def reduce(self, _):
        arguments, what = self.pop(), self.pop()
        need(type(what) is Name and type(arguments) is tuple, "it calls what is no function")
        if what.text == "collections OrderedDict":
            need(arguments == (), "it makes a dictionary in an unknown way")
            self.push({})
        else:
            need(what.text == "torch._utils _rebuild_tensor_v2", "it calls what is no function")
            self.push(tensor(arguments))

    def storage(self, _):
        what = self.pop()
        need(type(what) is tuple and len(what) == 6 and what[0] == "storage",
             "it refers to what is no storage")
        _, kind, key, _, count, view = what
        need(type(kind) is Name and kind.text.startswith("torch ") and type(key) is str and is_count(count),
             "a storage's type, key or size is wrong")
        need(view is None, "a storage is a part of another one")
        self.push(Storage(key, kind.text.split()[1], count))

    def instructions(self):
        push = self.push
        return {
            "MARK": self.mark, "NONE": lambda _: push(None), "NEWTRUE": lambda _: push(True),
            "NEWFALSE": lambda _: push(False), "BININT": push, "BININT1": push, "BININT2": push,
            "LONG1": push, "BINUNICODE": push, "EMPTY_DICT": lambda _: push({}), "EMPTY_LIST": lambda _: push([]),
            "EMPTY_TUPLE": lambda _: push(()), "TUPLE": lambda _: push(tuple(self.pop_mark())),
            "TUPLE1": lambda _: self.tuple_of(1), "TUPLE2": lambda _: self.tuple_of(2),
            "TUPLE3": lambda _: self.tuple_of(3), "BINPUT": self.put, "LONG_BINPUT": self.put,
            "BINGET": self.get, "LONG_BINGET": self.get, "GLOBAL": self.name, "BINPERSID": self.storage,
            "REDUCE": self.reduce,
            "SETITEM": lambda _: self.set_items([self.pop(), self.pop()][::-1]),
            "SETITEMS": lambda _: self.set_items(self.pop_mark()),
            "APPEND": lambda _: self.append_all([self.pop()]),
            "APPENDS": lambda _: self.append_all(self.pop_mark()),
            "BUILD": self.build}


def tensor(arguments):
    need(len(arguments) >= 4, "a tensor lacks its storage, offset, size or stride")
    storage, offset, size, stride = arguments[:4]
    need(type(storage) is Storage and is_count(offset) and are_counts(size) and are_counts(stride) and
         len(size) == len(stride), "a tensor's storage, offset, size or stride is wrong")
    # This also bounds what a small file can ask for.
    need(math.prod(size) <= storage.count, "a tensor has more numbers than its storage")
    reach = offset + (sum((n - 1) * s for n, s in zip(size, stride)) + 1 if math.prod(size) else 0)
    need(reach <= storage.count, "a tensor reaches beyond its storage")
    return Tensor(storage, offset, size, stride)


def unpickle(file):
    """The value of the pickle at the file's position."""
    machine = Machine()
    known = machine.instructions()
    try:
        for instruction, argument, _ in pickletools.genops(file):
            if instruction.name == "STOP":
                value = machine.pop()
                need(not machine.stack and not machine.outer, "a pickle leaves values over")
                return value
            if instruction.name == "PROTO":
                need(argument == 2, "a pickle is of another protocol than 2")
                continue
            need(instruction.name in known,
                 f"it has the instruction {instruction.name}, which no state_dict needs")
            known[instruction.name](argument)
    except (ValueError, UnicodeError) as error:  # of genops, for an unknown or shortened instruction
        raise Refused(f"a pickle is broken: {error}") from error
    raise Refused("a pickle has no end")


def read_header(file):
    start = file.read(2)
    need(start != b"PK", "it is in PyTorch's newer format, a zip archive; this program reads the older one")
    need(start[:1] == b"\x80", "it is not in PyTorch's old format: no pickle stands at its beginning")
    file.seek(0)
    magic = unpickle(file)
    need(type(magic) is int and magic == MAGIC,
         "it is not in PyTorch's old format: its first number is another one")
    protocol = unpickle(file)
    need(type(protocol) is int and protocol == PROTOCOL,
         "it is in an unknown version of PyTorch's old format")
    system = unpickle(file)
    need(type(system) is dict and system.get("little_endian") is True,
         "it was not written on a little-endian machine")


def check_names(tensors):
    need(type(tensors) is dict and tensors, "it holds no state_dict")
    for name, value in tensors.items():
        need(name and name.isprintable() and name != "__metadata__", f"{name[:80]!a} is no name for a tensor")
        need(type(value) is Tensor, f"{name[:80]!a} is no tensor")


def storages_of(tensors):
    """By key."""
    result = {}
    for name, value in tensors.items():
        storage = result.setdefault(value.storage.key, value.storage)
        need(storage == value.storage, f"the storage of {name[:80]!a} is described in two ways")
    return result


def read_numbers(file, storages):
    """Each storage's bytes, by key. In the file, each has its number of elements before it."""
    keys = unpickle(file)
    need(type(keys) is list and all(type(key) is str for key in keys), "it has no list of storages")
    need(len(keys) == len(set(keys)) and set(keys) == set(storages),
         "its list of storages is not that of its tensors")
    result = {}
    for key in keys:
        count = storages[key].count
        need(file.read(8) == struct.pack("<q", count),
             "a storage is shorter or longer than its tensors say, or missing")
        size = count * TYPES[storages[key].type][1]
        result[key] = file.read(size)
        need(len(result[key]) == size, "it ends within a storage")
    need(not file.read(1), "it goes on behind its last storage")
    return result


def read(data):
    """The tensors by name, and the bytes of each storage by key, of a file's bytes."""
    file = io.BytesIO(data)
    read_header(file)
    tensors = unpickle(file)
    check_names(tensors)
    numbers = read_numbers(file, storages_of(tensors))
    total = sum(math.prod(t.size) * TYPES[t.storage.type][1] for t in tensors.values())
    need(total <= len(data), "its tensors together are larger than the file")
    return tensors, numbers


def merged(size, stride):
    """The same places in as few dimensions as possible."""
    result = []
    for n, s in zip(size, stride):
        if n == 1:
            continue
        if result and result[-1][1] == n * s:
            result[-1] = (result[-1][0] * n, s)
        else:
            result.append((n, s))
    return result or [(1, 1)]


def pieces(value, numbers):
    """The tensor's bytes in row-major order."""
    if math.prod(value.size) == 0:
        return
    width = TYPES[value.storage.type][1]
    view = memoryview(numbers[value.storage.key]).cast({1: "B", 2: "H", 4: "I", 8: "Q"}[width])
    *outer, (n, s) = merged(value.size, value.stride)
    for place in itertools.product(*(range(0, m * t, t) if t else [0] * m for m, t in outer)):
        first = value.offset + sum(place)
        yield view[first:first + n * s:s].tobytes() if s else view[first:first + 1].tobytes() * n


def header_of(tensors):
    """safetensors' header, and the names in the order of their bytes: wide types first, so all are aligned."""
    names = sorted(tensors, key=lambda name: (-TYPES[tensors[name].storage.type][1], name))
    entries, end = {}, 0
    for name in names:
        kind, width = TYPES[tensors[name].storage.type]
        start, end = end, end + math.prod(tensors[name].size) * width
        entries[name] = {"dtype": kind, "shape": list(tensors[name].size), "data_offsets": [start, end]}
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text, names


def write(path, tensors, numbers):
    """All or nothing: into a temporary file beside it, which is then renamed."""
    header, names = header_of(tensors)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(header)
            for name in names:
                file.writelines(pieces(tensors[name], numbers))
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    source, target = map(pathlib.Path, arguments)
    try:
        write(target, *read(source.read_bytes()))
    except (Refused, OSError, MemoryError) as error:
        sys.exit(f"torch_file.py: cannot convert {source}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
