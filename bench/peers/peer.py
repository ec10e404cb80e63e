# SPDX-License-Identifier: MIT
"""A peer as compare.py sees it: a process that makes maps when asked, and the files that it is given."""

import gzip
import os
import pathlib
import subprocess
import sys
import time

import numpy as np

import cases

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def surroundings(threads, more):
    """The environment and the processors that every peer gets: as many as it may have threads."""
    cores = sorted(os.sched_getaffinity(0))[:threads]
    if len(cores) < threads:
        sys.exit(f"{threads} threads were asked for, this process may use {len(cores)} processors")
    return {"env": {**os.environ, **more, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": str(HERE), "JAX_PLATFORMS": "cpu"},
            "preexec_fn": lambda: os.sched_setaffinity(0, cores)}


class Peer:
    """Kept alive between maps. `first` is how long the first took, ms, with all that is compiled for it. `times` are
    milliseconds a map: on the wall's clock, or if cpu_time is true, those for which its threads ran."""

    def __init__(self, command, more, case, threads, out, cpu_time=False):
        self.out = out
        self.cpu_time = cpu_time
        self.errors = open(f"{out}.errors", "w+")
        self.process = subprocess.Popen([*command, *case, str(threads), str(out)], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.errors, **surroundings(threads, more))
        self.first = self.answer()[0]
        self.ask("1")
        milliseconds = self.ask("1")[0]
        self.count = max(1, min(500, int(20 / milliseconds)))  # a visit of about 20 ms
        self.times = []

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            sys.exit("a peer failed: " + " ".join(map(str, self.process.args)) + "\n" + self.errors.read())
        return [float(word) for word in line.split()]

    def ask(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self.answer()

    def visit(self):
        """Times some maps, after one that brings code and data back into the caches if that is cheap."""
        time.sleep(0.005)  # threads of the peer before may spin for a while, waiting for more
        if self.count > 1:
            self.ask("1")
        before = self.ran() if self.cpu_time else 0
        elapsed = self.ask(str(self.count))[0]
        self.times.append((self.ran() - before) / self.count if self.cpu_time else elapsed)

    def ran(self):
        """Milliseconds for which its threads have run."""
        threads = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in threads) / 1e6

    def end(self):
        """Resident memory and its peak, MiB."""
        used = self.ask("memory")
        self.process.stdin.close()
        self.process.wait()
        return used


def process_seconds(command, more, threads):
    """From start to end of a process that makes one map."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   **surroundings(threads, more))
    return time.perf_counter() - start


def digits(batch):
    data = ROOT / "apps/data"
    pixels = np.frombuffer(gzip.decompress((data / "t10k-images-idx3-ubyte.gz").read_bytes())[16:], np.uint8)
    labels = np.frombuffer(gzip.decompress((data / "t10k-labels-idx1-ubyte.gz").read_bytes())[8:], np.uint8)
    return pixels.reshape(-1, 28, 28, 1)[:batch] / np.float32(255), labels[:batch]


def inputs(network, method, batch, folder):
    """Files of weights, images and classes."""
    images, classes, weights = folder / "images.npy", folder / "classes.npy", folder / f"{network}.safetensors"
    if not weights.with_suffix(".json").exists():
        subprocess.run([sys.executable, str(HERE / "prepare.py"), network, str(folder)], check=True,
                       env={**os.environ, "PYTHONPATH": str(HERE)})
    if network in cases.DIGITS:
        pixels, labels = digits(batch)
        if method != "train":
            weights = ROOT / f"apps/weights/{network}.safetensors"
    else:
        # With this seed VGG-16's later pools and dense layers have no values so near each other, or zero, that float32
        # rounding decides between them; with others it moves a fifth of PyTorch's own gradient from float64's.
        pixels = np.random.default_rng(2).random((batch, *cases.INPUTS[network]), np.float32)
        labels = np.arange(batch) % 10
    np.save(images, pixels.astype(np.float32))
    np.save(classes, labels.astype(np.float32))
    return [str(weights), str(images), str(classes)]
