# SPDX-License-Identifier: MIT
"""bench.methods --benchmark_format=json | python bench/table.py: prints the results as Markdown.

One row per method and number of threads, one column per classifier. A cell holds the milliseconds per image in batches
of 1, 8 and 64, and the peak of memory in MiB for a batch of 64.
"""

import json
import sys

DEVICES = {"cpu": 1, "cpu_pool_2": 2}


def number(value):
    return f"{value:.2g}" if value < 100 else f"{value:.0f}"


def main():
    cells = {}
    for b in json.load(sys.stdin)["benchmarks"]:
        if b.get("run_type") == "aggregate":
            continue
        method, network, device, batch, _ = b["name"].split("/")
        if device in DEVICES:
            each = cells.setdefault((method, DEVICES[device]), {}).setdefault(network, {})
            size, result = int(batch.removeprefix("batch:")), (b["real_time"] / 1000, b["peak_MiB"])
            each[size] = min(result, each.get(size, result))  # of the repetitions
    networks = list(dict.fromkeys(n for row in cells.values() for n in row))
    print("| method | threads |", " | ".join(f"`{n}`" for n in networks), "|")
    print("|---" * (2 + len(networks)) + "|")
    methods = list(dict.fromkeys(method for method, _ in cells))
    for (method, threads), row in sorted(cells.items(), key=lambda item: (methods.index(item[0][0]), item[0][1])):
        shown = []
        for network in networks:
            batches = row.get(network, {})
            times = " / ".join(number(ms / batch) for batch, (ms, _) in sorted(batches.items()))
            shown.append(f"{times} ({batches[max(batches)][1]:.0f})" if batches else "–")
        print(f"| {method} | {threads} |", " | ".join(shown), "|")


main()
