# SPDX-License-Identifier: MIT
"""python3 measure.py [--kind chain|residual|resnet152] [--layers 10,50,100,200] [--compilers g++,clang++-16]: measures the
compile time of networks.

Prints a Markdown table for each compiler, at -O2 and within its default limits: processor seconds (which hardly depend on
other load), the compiler's peak memory, the object's size and number of symbols. Exits with 1 if a network of 100 layers,
or ResNet-152, takes 10 s or more, or if a layer costs over twice as much between the two largest networks as between the
two smallest.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent.parent / "include"
MOST_SECONDS = 10
LAYERS = {"chain": "10,50,100,200", "residual": "20,100,300,1000", "resnet152": "515"}


def compile(compiler, source):
    """Processor seconds, peak MiB of the largest process, bytes of code and data, symbols."""
    target = source.with_suffix(".o")
    process = subprocess.Popen([compiler, "-std=c++20", "-O2", f"-I{INCLUDE}", "-c", str(source), "-o", str(target)])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{compiler} cannot compile {source}")
    sizes = subprocess.check_output(["size", str(target)], text=True).splitlines()[1].split()
    symbols = subprocess.check_output(["nm", str(target)], text=True).count("\n")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, int(sizes[3]), symbols


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=LAYERS, default="chain")
    parser.add_argument("--layers", help="default: " + "; ".join(f"{kind}: {n}" for kind, n in LAYERS.items()))
    parser.add_argument("--compilers", default="g++,clang++-16")
    parser.add_argument("--rounds", type=int, default=3, help="times each is compiled; the fastest counts")
    arguments = parser.parse_args()
    layers = [int(n) for n in (arguments.layers or LAYERS[arguments.kind]).split(",")]

    failures = []
    print("| compiler | maps | layers | seconds | MiB | object KiB | symbols |\n" + "|---" * 7 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for compiler in arguments.compilers.split(","):
            if not shutil.which(compiler):
                sys.exit(f"there is no {compiler}; install it or name others by --compilers")
            for methods in (1, 4):
                seconds = {}
                for n in layers:
                    source = pathlib.Path(folder) / f"network_{n}_{methods}.cpp"
                    subprocess.run(["cmake", f"-DKIND={arguments.kind}", f"-DLAYERS={n}", f"-DMETHODS={methods}",
                                    f"-DFILE={source}", "-P", str(HERE / "generate.cmake")], check=True)
                    took, memory, size, symbols = min(compile(compiler, source) for _ in range(arguments.rounds))
                    seconds[n] = took
                    print(f"| {compiler} | {methods} | {n} | {took:.2f} | {memory:.0f} | {size / 1024:.0f} | {symbols} |",
                          flush=True)
                    if (n == 100 or arguments.kind == "resnet152") and took >= MOST_SECONDS:
                        failures.append(f"{compiler} takes {took:.1f} s for {n} layers and {methods} maps")
                if len(layers) >= 4:
                    a, b, c, d = layers[0], layers[1], layers[-2], layers[-1]
                    early, late = (seconds[b] - seconds[a]) / (b - a), (seconds[d] - seconds[c]) / (d - c)
                    if late > 2 * max(early, 0.005):
                        failures.append(f"{compiler}: a layer costs {1000 * early:.1f} ms at first, "
                                        f"{1000 * late:.1f} ms at {d} layers")
    if failures:
        sys.exit("\n".join(failures))


main()
