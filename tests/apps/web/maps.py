# SPDX-License-Identifier: MIT
"""The page's size, and its maps beside those of the native program: python3 maps.py BUILD SALIENT_EXPLAIN"""

import array
import ast
import collections
import json
import pathlib
import struct
import subprocess
import tempfile
import unittest

from chromium import Chromium, Server, main

BUILD, EXPLAIN = main()
NETWORKS = ("perceptron", "cnn", "deep_cnn", "pooled_cnn", "resnet")


def npy(file):
    data = pathlib.Path(file).read_bytes()
    start = 10 + struct.unpack_from("<H", data, 8)[0]
    assert ast.literal_eval(data[10:start].decode())["descr"] == "<f4"
    return array.array("f", data[start:])


def native(network, about, methods, folder):
    """What salient-explain finds, by digit and method."""
    done = subprocess.run(
        [EXPLAIN, network, "0", "1", "2", "--weights", BUILD / "files" / f"{network}.safetensors", "--target", about, "--steps", "20",
         "--raw", "--json", "--device", "cpu", "--out", f"{network}{about}", "--method", ",".join(methods)],
        cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {(digit, one["method"]): one | {"values": npy(pathlib.Path(folder) / one["raw"])}
            for digit, image in enumerate(json.loads(done.stdout)["images"]) for one in image["maps"]}


class Maps(unittest.TestCase):
    def test_the_page_is_smaller_than_a_megabyte(self):
        self.assertLess(sum(f.stat().st_size for f in (BUILD / "site").iterdir()), 1_000_000)

    def test_the_page_has_the_maps_of_the_native_program(self):
        with Server({"/": BUILD / "site", "/test/": pathlib.Path(__file__).parent / "pages"}) as server, \
             Chromium() as page, tempfile.TemporaryDirectory() as folder:
            page.open(server, "test/maps.html")
            page.wait("window.report")
            found, refused = (page.js(f"report.{name}") for name in ("found", "refused"))
            self.assertEqual(page.complaints(), [])
            methods = {n: list(dict.fromkeys(one["method"] for one in found if one["name"] == n)) for n in NETWORKS}
            natives = {(n, about): native(n, str(about), methods[n], folder) for n in NETWORKS for about in (3, 7)}
        self.assertEqual(refused, "the weights' '2.weight' is 16x16x3x3, but layer 2 (conv2d) expects 32x16x3x3; use the "
                                  "weights of this very network, or declare the network they are of")
        self.assertEqual(sum(map(len, natives.values())), 6 * (4 + 7 + 7 + 8 + 8))
        # Each map, and a deconvolution layer by layer for each digit of a network with convolutions.
        self.assertEqual(collections.Counter(one["name"] for one in found),
                         {"perceptron": 24, "cnn": 45, "deep_cnn": 45, "pooled_cnn": 51, "resnet": 51})
        empty = set()
        for one in found:
            name = (one["name"], one["digit"], one["about"], one["method"])
            with self.subTest(name):
                other = natives[one["name"], one["about"]][one["digit"], one["method"]]
                self.assertEqual(len(one["map"]), len(other["values"]))
                largest = max(map(abs, other["values"]))
                if largest == 0:
                    empty.add(name)
                self.assertLessEqual(max(abs(a - b) for a, b in zip(one["map"], other["values"])), 1e-5 * largest)
                if "value" in one:
                    self.assertAlmostEqual(one["value"], other["logit"], delta=1e-5 * max(1, abs(other["logit"])))
                    if one["method"] == "integrated_gradients":
                        self.assertAlmostEqual(one["gap"], other["completeness_gap"] * one["change"],
                                               delta=1e-5 * max(1, one["change"]))
        # The parts of Grad-CAM that speak for a class, of which this network finds nothing in this digit.
        self.assertEqual(empty, {("resnet", 2, 3, "grad_cam"), ("resnet", 2, 3, "guided_grad_cam")})


if __name__ == "__main__":
    unittest.main()
