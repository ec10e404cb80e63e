# SPDX-License-Identifier: MIT
"""A peer as compare.py sees it: a process that makes maps when asked, and the files that it is given."""

import gzip
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import cases

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


class Failed(Exception):
    """A job that a peer could not do, with what it said."""


def surroundings(device, more):
    """The environment that every peer gets, and the processors: as many as it may have threads; for a GPU all."""
    cores = sorted(os.sched_getaffinity(0))
    if device != "gpu":
        if len(cores) < int(device):
            sys.exit(f"{device} threads were asked for, this process may use {len(cores)} processors")
        cores = cores[:int(device)]
        more = {"OMP_NUM_THREADS": device, "JAX_PLATFORMS": "cpu", **more}
    paths = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"env": {**os.environ, "PYTHONPATH": paths, **more}, "preexec_fn": lambda: os.sched_setaffinity(0, cores)}


def processors():
    return len(os.sched_getaffinity(0))


class Process:
    """A peer, started on "gpu" or on a number of threads. Its complaints go to the file `errors`. It is ended if an answer
    takes it longer than `patience` seconds. It is stopped between its answers: pools of threads look out for more work for
    some milliseconds, which takes a processor from the peer that is asked next."""

    def __init__(self, command, device, errors, more=None, patience=threading.TIMEOUT_MAX):
        self.patience = patience
        self.errors = open(errors, "w+")
        self.process = subprocess.Popen([*command, device], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, **surroundings(device, more or {}))

    def signal(self, what):
        if self.process.poll() is None:
            self.process.send_signal(what)

    def tell(self, *words):
        if self.process.poll() is None:
            self.process.stdin.write("\t".join(map(str, words)) + "\n")
            self.process.stdin.flush()

    def ask(self, *words):
        alarm = threading.Timer(self.patience, self.process.kill)
        alarm.start()
        try:
            self.signal(signal.SIGCONT)
            self.tell(*words)
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            alarm.cancel()
            self.signal(signal.SIGSTOP)
        if not line:
            self.errors.seek(0)
            raise Failed(f"{pathlib.Path(self.process.args[-2]).name} ended; " + self.errors.read()[-2000:])
        if line.startswith("error"):
            raise Failed(line[len("error"):].strip())
        return [float(word) for word in line.split()]

    def ran(self):
        """Milliseconds for which its threads have run."""
        threads = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in threads) / 1e6

    def end(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.signal(signal.SIGCONT)
        self.process.wait()


class Job:
    """A map that a process makes. `first` is how long the first took, ms, with all that is compiled for it. `times` are
    milliseconds a map: on the wall's clock, or if cpu_time is true, those for which the process's threads ran."""

    def __init__(self, process, name, case, way, out, cpu_time=False):
        self.process, self.name, self.out, self.cpu_time = process, name, out, cpu_time
        process.tell("open", name, *case, way)

    def start(self):
        self.first = self.process.ask("first", self.name, self.out)[0]
        self.time(1)
        milliseconds = self.time(1)
        self.count = max(1, min(500, int(20 / milliseconds)))  # a visit of about 20 ms
        self.times = []

    def map(self):
        return np.load(self.out)

    def time(self, count):
        return self.process.ask("time", self.name, count)[0]

    def visit(self):
        """Times some maps, after one that brings code and data back into the caches if that is cheap."""
        if self.count > 1:
            self.time(1)
        before = self.process.ran() if self.cpu_time else 0
        elapsed = self.time(self.count)
        self.times.append((self.process.ran() - before) / self.count if self.cpu_time else elapsed)

    def close(self):
        self.process.tell("close", self.name)


def take_turns(jobs, rounds):
    """Times the jobs, in an order that moves on from round to round."""
    order = list(jobs)
    for _ in range(rounds):
        for each in order:
            each.visit()
        order.append(order.pop(0))


def ratio(theirs, ours):
    """The median over rounds of theirs / ours."""
    return statistics.median(t / o for t, o in zip(theirs.times, ours.times))


def process_seconds(command, device, asked):
    """From start to end of a process: of a peer if it is asked something, else of a program that has all it needs."""
    start = time.perf_counter()
    subprocess.run([*command, device] if asked else command, check=True, text=True, input=asked, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **surroundings(device, {}))
    return time.perf_counter() - start


def digits(batch):
    data = ROOT / "apps/data"
    pixels = np.frombuffer(gzip.decompress((data / "t10k-images-idx3-ubyte.gz").read_bytes())[16:], np.uint8)
    labels = np.frombuffer(gzip.decompress((data / "t10k-labels-idx1-ubyte.gz").read_bytes())[8:], np.uint8)
    return pixels.reshape(-1, 28, 28, 1)[:batch] / np.float32(255), labels[:batch]


def prepare(networks, folder):
    """Writes weights and graphs of those networks that have none there yet."""
    missing = [network for network in networks if not (folder / f"{network}.json").exists()]

    def write(network):
        subprocess.run([sys.executable, str(HERE / "prepare.py"), str(folder), network], check=True,
                       env={**os.environ, "PYTHONPATH": str(HERE)})

    # A network takes some seconds of one processor and up to 2 GB.
    with ThreadPoolExecutor(max(1, processors() // 2)) as workers:
        list(workers.map(write, missing))


def inputs(network, method, batch, folder):
    """Files of weights, images and classes."""
    prepare([network], folder)
    digit = network in cases.DIGITS
    weights = folder / f"{network}.safetensors"
    if digit and method != "train":
        weights = ROOT / f"apps/weights/{network}.safetensors"
    shape = (batch, *cases.INPUTS[network])
    images, classes = (folder / f"{what}_{'x'.join(map(str, shape))}.npy" for what in ("images", "classes"))
    if digit:
        pixels, labels = digits(batch)
    else:
        # With this seed VGG-16's later pools and dense layers have no values so near each other, or zero, that float32
        # rounding decides between them; with others it moves a fifth of PyTorch's own gradient from float64's.
        pixels = np.random.default_rng(2).random(shape, np.float32)
        labels = np.arange(batch) % 10
    np.save(images, pixels.astype(np.float32))
    np.save(classes, labels.astype(np.float32))
    return [str(weights), str(images), str(classes)]
