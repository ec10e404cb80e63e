#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the pictures of cmake/photos.sh on one sheet: python3 sheet.py FOLDER SHEET.png PHOTOGRAPH.CLASS...

A row for each photograph and class: the photograph, then the maps of eight methods on it, at half their size. FOLDER has
the pictures that an explainer writes, PHOTOGRAPH.METHOD.CLASS.png, each with the photograph on the left and the map on
the right. Needs nothing but Python's standard library.
"""

import pathlib
import struct
import sys
import zlib

METHODS = ("gradients", "gradients_x_input", "integrated_gradients", "deconvolution", "guided_backprop", "cam",
           "grad_cam", "guided_grad_cam")
SIDE = 224  # of what the network sees
GAP = 2  # between pictures, of the sheet's pixels
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks(data):
    """(type, content) of each."""
    assert data.startswith(SIGNATURE), "a picture is no PNG file"
    at = len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + length]
        at += 12 + length


def nearest(left, above, corner):
    """The PNG format's third predictor, of Paeth."""
    to_left, to_above = abs(above - corner), abs(left - corner)
    to_corner = abs(left + above - 2 * corner)
    if to_left <= to_above and to_left <= to_corner:
        return left
    return above if to_above <= to_corner else corner


def undo(filter, row, above):
    """Adds to each byte of a row what its filter predicted from the bytes before it and above it."""
    if filter == 2:
        return bytearray((a + b) & 255 for a, b in zip(row, above))
    for i in range(len(row) if filter else 0):
        left, corner = (row[i - 3], above[i - 3]) if i >= 3 else (0, 0)
        guess = left if filter == 1 else (left + above[i]) // 2 if filter == 3 else nearest(left, above[i], corner)
        row[i] = (row[i] + guess) & 255
    return row


def read(path):
    """Rows of a picture of 8-bit RGB."""
    parts = list(chunks(path.read_bytes()))
    width, height, *format = struct.unpack(">IIBBBBB", parts[0][1])
    assert format == [8, 2, 0, 0, 0], f"{path} is not of 8-bit RGB"
    data = zlib.decompress(b"".join(content for kind, content in parts if kind == b"IDAT"))
    rows, above = [], bytes(3 * width)
    for y in range(height):
        start = y * (3 * width + 1)
        above = undo(data[start], bytearray(data[start + 1:start + 1 + 3 * width]), above)
        rows.append(above)
    return rows


def write(path, rows):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    packed = bytearray()
    above = bytes(len(rows[0]))
    for row in rows:  # each less the one above, which suits photographs
        packed += b"\2" + bytes((a - b) & 255 for a, b in zip(row, above))
        above = row
    path.write_bytes(SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(packed, 9)) + chunk(b"IEND", b""))


def halved(rows):
    """Means of 2 x 2 pixels."""
    result = []
    for upper, lower in zip(rows[::2], rows[1::2]):
        sums = [a + b for a, b in zip(upper, lower)]
        row = bytearray(len(sums) // 2)
        for c in range(3):
            row[c::3] = bytes((a + b + 2) // 4 for a, b in zip(sums[c::6], sums[c + 3::6]))
        result.append(row)
    return result


def beside(pictures):
    white = b"\xff" * (3 * GAP)
    return [white.join(row) for row in zip(*pictures)]


def sheet_row(folder, name):
    photograph, number = name.rsplit(".", 1)
    pictures = []
    for method in METHODS:
        rows = read(folder / f"{photograph}.{method}.{number}.png")
        if not pictures:
            pictures.append(halved([row[:3 * SIDE] for row in rows]))
        pictures.append(halved([row[-3 * SIDE:] for row in rows]))
    return beside(pictures)


def main(folder, sheet, *names):
    rows = []
    for name in names:
        more = sheet_row(pathlib.Path(folder), name)
        rows += ([b"\xff" * len(more[0])] * GAP if rows else []) + more
    write(pathlib.Path(sheet), rows)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
