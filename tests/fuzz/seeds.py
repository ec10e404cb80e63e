# SPDX-License-Identifier: MIT
"""python3 tests/fuzz/seeds.py: writes the seeds of the fuzzers' corpora, small files of every supported kind."""

import base64
import gzip
import json
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent / "corpus"


def put(name, data):
    path = HERE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def safetensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(dtype, shape, first, last):
    return {"dtype": dtype, "shape": shape, "data_offsets": [first, last]}


put("safetensors/f32", safetensors({"0.weight": tensor("F32", [2, 1], 0, 8), "0.bias": tensor("F32", [2], 8, 16)},
                                   struct.pack("<4f", 1, -2, 0.5, 3e-39)))
put("safetensors/half", safetensors({"__metadata__": {"made": "by hand, \u00e9"}, "a": tensor("F16", [2], 0, 4),
                                     "b": tensor("BF16", [1, 1, 2], 4, 8)}, struct.pack("<4H", 0x3C00, 1, 0x3F80, 1)))
put("safetensors/f64", safetensors({"x": tensor("F64", [], 0, 8), "none": tensor("F32", [0], 8, 8)},
                                   struct.pack("<d", 0.1)))
put("safetensors/norm", safetensors({"module.0.weight": tensor("F32", [2, 1], 0, 8), "module.0.bias": tensor("F32", [2], 8, 16),
                                     "module.1.running_mean": tensor("F32", [2], 16, 24),
                                     "module.1.num_batches_tracked": tensor("I64", [], 24, 32)}, bytes(32)))
put("safetensors/none", safetensors({}, b""))
put("safetensors/hole", safetensors({"x": tensor("F32", [1], 4, 8)}, bytes(8)))


def npy(version, descr, shape, data, order=False):
    text = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + data


put("npy/f4", npy(1, "<f4", (2, 2, 1), struct.pack("<4f", 0, 1, -1, 0.5)))
put("npy/f8", npy(2, "<f8", (3,), struct.pack("<3d", 0, 1e-300, 7)))
put("npy/u1", npy(3, "|u1", (1, 4), bytes([0, 1, 128, 255])))
put("npy/i8", npy(1, "<i8", (2, 3), struct.pack("<6q", 0, 255, 7, 51, 1, 2)))
put("npy/i4", npy(1, "<i4", (1, 2, 4), struct.pack("<8i", *range(8))))
put("npy/f2", npy(1, "<f2", (3, 1, 2), struct.pack("<6e", 0, 1, 0.5, -2, 3, 4)))
put("npy/b1", npy(1, "|b1", (1, 1, 2, 3), bytes([0, 1, 1, 0, 1, 1])))
put("npy/python2", npy(1, "<f4", "(2L, 3L)", struct.pack("<6f", *range(6))))
put("npy/scalar", npy(1, "<f4", (), struct.pack("<f", 2)))
put("npy/fortran", npy(1, "<f4", (2, 2), bytes(16), order=True))


def idx(shape, data):
    return struct.pack(">HBB", 0, 8, len(shape)) + struct.pack(f">{len(shape)}i", *shape) + data


small = {"images": idx((2, 3, 2), bytes(range(12))), "labels": idx((3,), bytes([7, 2, 1])), "empty": idx((0, 28), b""),
         "lying": idx((70000, 28, 28), bytes(16))}
for name, data in small.items():
    put(f"idx/{name}", data)
    put(f"gzip/{name}", gzip.compress(data, mtime=0))
put("gzip/two", gzip.compress(small["labels"][:6], mtime=0) + gzip.compress(small["labels"][6:], mtime=0))
put("gzip/stored", gzip.compress(small["images"], 0, mtime=0))
named = bytearray(gzip.compress(small["labels"], mtime=0))
named[3] |= 8  # the flag for a file name, which follows the header
put("gzip/named", bytes(named[:10]) + b"labels\0" + bytes(named[10:]))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(colour, depth, rows, *extra, interlace=0, width=2):
    header = struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + b"".join([chunk(b"IHDR", header), *extra,
                                            chunk(b"IDAT", zlib.compress(b"".join(b"\0" + r for r in rows))),
                                            chunk(b"IEND", b"")])


put("png/grey", png(0, 8, [b"\0\xff", b"\x80\x01"]))
put("png/grey1", png(0, 1, [b"\x40", b"\x80"]))
put("png/grey16", png(0, 16, [b"\0\xff\xff\xff", b"\x80\x01\0\0"]))
put("png/rgb", png(2, 8, [bytes(range(6)), bytes(6)], chunk(b"gAMA", struct.pack(">I", 45455))))
put("png/palette", png(3, 2, [b"\x10"], chunk(b"PLTE", bytes(range(12))), chunk(b"tRNS", b"\x80")))
put("png/grey_alpha", png(4, 8, [b"\0\xff\x80\x7f"]))
put("png/rgba", png(6, 8, [bytes(range(8)), bytes(8)]))
put("png/rgba16", png(6, 16, [bytes(range(16))], chunk(b"tEXt", b"Title\0salient")))
put("png/adam7", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 1))
    + chunk(b"IDAT", zlib.compress(b"\0\x01" + b"\0\x02" + b"\0\x03\x04")) + chunk(b"IEND", b""))
put("png/longer", png(2, 8, [bytes(range(6))]) + b"\n")
put("png/large", png(0, 8, [b"\0"] * 3, width=60000))


def varint(value):
    value %= 1 << 64
    return bytes([value]) if value < 128 else bytes([value % 128 + 128]) + varint(value // 128)


def field(number, value):
    """A field of protobuf: an int as varint, a float in 32 bits, and text, bytes or a list of fields by length."""
    if isinstance(value, int):
        return varint(number * 8) + varint(value)
    if isinstance(value, float):
        return varint(number * 8 + 5) + struct.pack("<f", value)
    value = value.encode() if isinstance(value, str) else b"".join(value) if isinstance(value, list) else value
    return varint(number * 8 + 2) + varint(len(value)) + value


def constant(name, kind, dimensions, *values):
    return [field(1, d) for d in dimensions] + [field(2, kind), field(8, name), *values]


def described(name, *dimensions):
    shape = [field(1, [field(1, d) if isinstance(d, int) else field(2, d)]) for d in dimensions]
    return [field(1, name), field(2, [field(1, [field(1, 1), field(2, shape)])])]


def operator(name, inputs, outputs, *attributes):
    return [field(1, i) for i in inputs] + [field(2, o) for o in outputs] + [field(4, name)] + [field(5, a) for a in attributes]


def network(ir, opset, *graph):
    return b"".join([field(1, ir), field(2, "by hand"), field(7, list(graph)), field(8, [field(1, ""), field(2, opset)])])


put("onnx/gemm", network(
    8, 17,
    field(1, operator("Gemm", ["x", "w", "b"], ["h"], [field(1, "alpha"), field(2, 0.5), field(20, 1)],
                      [field(1, "transB"), field(3, 1), field(20, 2)], [field(1, "mode"), field(4, "max"), field(20, 3)])),
    field(1, operator("Pad", ["h"], ["y"], [field(1, "pads"), field(8, varint(0) + varint(-1)), field(20, 7)],
                      [field(1, "scales"), field(7, 1.0), field(7, 2.0), field(20, 6)],
                      [field(1, "value"), field(5, constant("", 7, [2], field(7, 3), field(7, -4))), field(20, 4)])),
    field(5, constant("w", 1, [2, 1], field(9, struct.pack("<2f", 1, -2)))),
    field(5, constant("b", 10, [1], field(5, varint(0x3C00)))),
    field(11, described("x", "N", 2)), field(12, described("y", "N", 1)), field(13, described("h", "N", 1))))
put("onnx/listed", network(3, 8, field(5, constant("w", 1, [1], field(4, 1.0))), field(11, described("w", 1)),
                           field(11, described("x", 1, 1))))
put("onnx/external", network(8, 13, field(5, constant(
    "w", 1, [2], field(14, 1), field(13, [field(1, "location"), field(2, "w.bin")]),
    field(13, [field(1, "offset"), field(2, "4")])))))
put("onnx/types", network(10, 20, *[field(5, constant(f"t{kind}", kind, [2], field(5, varint(0) + varint(1))))
                                    for kind in (2, 3, 4, 5, 6, 9, 10, 16)],
                          field(5, constant("d", 11, [1], field(10, struct.pack("<d", 0.1)))),
                          field(5, constant("text", 8, [1], field(6, "a")))))
put("onnx/branch", network(8, 17, field(1, operator("If", ["c"], ["y"], [field(1, "then_branch"), field(6, []), field(20, 5)]))))
# JPEGs of every kind, which Pillow encoded for golden/pictures.
for case in json.loads((HERE.parent.parent / "golden/pictures/references.json").read_text())["jpeg"]:
    if case["name"] != "no subsampling" and not case["name"].endswith(("0", "2", "3", "4", "5", "7", "8", "9")):
        put("jpeg/" + case["name"].replace(" ", "_").replace(":", ""), base64.b64decode(case["jpeg"]))
