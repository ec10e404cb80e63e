# SPDX-License-Identifier: MIT
"""ptxas -v output on stdin -> Markdown: registers, spills and shared memory of each kernel, and how many blocks and warps of
it an SM of compute capability 9.0 (H100, H200) holds.

The output comes from compiling a source of kernels with -Xptxas -v; ninja -t commands TARGET prints the build's command.
A kernel's threads in a block and its dynamic shared memory are chosen where it is launched, so they are given here:
  python3 bench/occupancy.py --threads 256 --dynamic 0 [--only REGEX] < ptxas.log
"""

import argparse
import re
import subprocess
import sys

# CUDA C++ Programming Guide, "Technical Specifications per Compute Capability", 9.0.
REGISTERS, WARPS, BLOCKS, SHARED, RESERVED = 65536, 64, 32, 228 * 1024, 1024
REGISTER_UNIT = 256  # registers are handed out to a warp in such amounts


def kernels(lines):
    """(mangled name, registers, static shared memory, bytes of spills)."""
    name, spills = None, 0
    for line in lines:
        if found := re.search(r"Compiling entry function '(\S+)'", line):
            name, spills = found[1], 0
        elif found := re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", line):
            spills = int(found[1]) + int(found[2])
        elif name and (found := re.search(r"Used (\d+) registers", line)):
            shared = re.search(r"(\d+) bytes smem", line)
            yield name, int(found[1]), int(shared[1]) if shared else 0, spills
            name = None


def blocks(registers, shared, threads):
    """That an SM holds of a kernel at a time, and what limits them."""
    warps = -(-threads // 32)
    of_a_warp = -(-registers * 32 // REGISTER_UNIT) * REGISTER_UNIT
    limits = {"warps": WARPS // warps, "blocks": BLOCKS, "registers": REGISTERS // of_a_warp // warps,
              "shared memory": SHARED // (shared + RESERVED)}
    least = min(limits, key=limits.get)
    return limits[least], least


def readable(names):
    try:
        told = subprocess.run(["c++filt"], input="\n".join(names), text=True, capture_output=True, check=True).stdout
        return told.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return names


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=256, help="in a block")
    parser.add_argument("--dynamic", type=int, default=0, help="bytes of dynamic shared memory of a block")
    parser.add_argument("--only", default="", help="kernels whose name has a match")
    arguments = parser.parse_args()
    found = list(kernels(sys.stdin))
    if not found:
        sys.exit("no output of ptxas -v was read")
    print("| kernel | registers | spilled bytes | shared memory | blocks of an SM | warps of 64 | limited by |")
    print("|---|---|---|---|---|---|---|")
    for name, (_, registers, shared, spills) in zip(readable([each[0] for each in found]), found):
        if not re.search(arguments.only, name):
            continue
        shared += arguments.dynamic
        fit, why = blocks(registers, shared, arguments.threads)
        name = name.replace("|", "\\|")
        print(f"| `{name}` | {registers} | {spills} | {shared} | {fit} | {fit * -(-arguments.threads // 32)} | {why} |")


if __name__ == "__main__":
    main()
