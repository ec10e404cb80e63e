# SPDX-License-Identifier: MIT
"""bench.kernels --benchmark_filter='^conv' --benchmark_format=json | python3 bench/shares.py: convolutions as Markdown.

One row per shape, batch and device; forward and backward (the input's gradient) each in microseconds, with the shares of the
device's peak of operations and, where that is known, of its memory's bandwidth. Output that was cut off is read as far as
it goes.
"""

import json
import sys

KINDS = {"conv": 0, "conv_input_gradient": 1}
MICROSECONDS = {"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}


def benchmarks(text):
    """Those that are there as a whole."""
    decoder, at = json.JSONDecoder(), text.find('"benchmarks": [')
    while (at := text.find("{", at)) >= 0:
        try:
            found, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError:
            return
        yield found


def cell(b):
    shares = [f"{b[name]:.0f} %" if name in b else "–" for name in ("%peak", "%bandwidth")]
    return f"{b['real_time'] * MICROSECONDS[b['time_unit']]:.3g} ({', '.join(shares)})"


def main():
    text = sys.stdin.read()
    if '"benchmarks": [' not in text:
        sys.exit("no JSON of google benchmark was read")
    rows = {}
    for b in benchmarks(text):
        kind, network, shape, *rest = b["name"].split("/")
        if b.get("run_type") == "aggregate" or "error_occurred" in b or kind not in KINDS:
            continue
        batch = int(rest.pop(0).removeprefix("batch_")) if rest[0].startswith("batch_") else 1
        rows.setdefault((f"{network}/{shape}", batch, rest[0]), ["–", "–"])[KINDS[kind]] = cell(b)
    print("| convolution | images | device | forward, µs (of peak, of bandwidth) | backward |\n|---|---|---|---|---|")
    for (shape, batch, device), (forward, backward) in rows.items():
        print(f"| {shape} | {batch} | {device} | {forward} | {backward} |")


main()
