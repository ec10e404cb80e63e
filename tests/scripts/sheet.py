# SPDX-License-Identifier: MIT
"""Tests apps/photos/sheet.py: python3 sheet.py"""

import pathlib
import struct
import sys
import tempfile
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "apps/photos"))
sys.dont_write_bytecode = True

import sheet


def predicted(filter, row, above, i):
    """As the PNG format's text has it."""
    left, corner = (row[i - 3], above[i - 3]) if i >= 3 else (0, 0)
    p = left + above[i] - corner
    distances = [abs(p - left), abs(p - above[i]), abs(p - corner)]
    paeth = (left, above[i], corner)[distances.index(min(distances))]
    return (0, left, above[i], (left + above[i]) // 2, paeth)[filter]


def png(rows):
    """Row y by filter y mod 5, in two IDAT chunks."""
    data, above = bytearray(), bytes(len(rows[0]))
    for y, row in enumerate(rows):
        data.append(y % 5)
        data += bytes((row[i] - predicted(y % 5, row, above, i)) & 255 for i in range(len(row)))
        above = row
    packed = zlib.compress(data)
    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"tEXt", b"a\0b"), (b"IDAT", packed[:9]), (b"IDAT", packed[9:]), (b"IEND", b""))
    return sheet.SIGNATURE + b"".join(struct.pack(">I", len(content)) + kind + content +
                                      struct.pack(">I", zlib.crc32(kind + content)) for kind, content in chunks)


def picture(width, height, seed):
    return [bytearray((seed * (x + 1) * (y + 3) + x * x) % 256 for x in range(3 * width)) for y in range(height)]


class Sheet(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_all_filters_are_read(self):
        rows = picture(7, 15, 37)
        (self.folder / "a.png").write_bytes(png(rows))
        self.assertEqual(sheet.read(self.folder / "a.png"), rows)

    def test_what_is_written_is_read(self):
        rows = picture(9, 4, 11)
        sheet.write(self.folder / "b.png", rows)
        self.assertEqual(sheet.read(self.folder / "b.png"), rows)

    def test_means_of_four_pixels(self):
        rows = [bytes([0, 10, 20, 4, 12, 22]), bytes([8, 10, 255, 1, 13, 255])]
        self.assertEqual(sheet.halved(rows), [bytes([3, 11, 138])])

    def test_a_row_for_each_photograph(self):
        for n, method in enumerate(sheet.METHODS):
            for name in ("cat.1", "cup.20"):
                photograph, number = name.split(".")
                pair = [bytes([200] * 3 * 224 + [0] * 24 + [10 * n] * 3 * 224)] * 224
                sheet.write(self.folder / f"{photograph}.{method}.{number}.png", pair)
        sheet.main(str(self.folder), str(self.folder / "sheet.png"), "cat.1", "cup.20")
        rows = sheet.read(self.folder / "sheet.png")
        self.assertEqual((len(rows[0]) // 3, len(rows)), (9 * 112 + 8 * sheet.GAP, 2 * 112 + sheet.GAP))
        self.assertEqual([rows[0][3 * 114 * i] for i in range(9)], [200, *range(0, 80, 10)])
        self.assertEqual(rows[112][0], 255)


if __name__ == "__main__":
    unittest.main()
