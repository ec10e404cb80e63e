# SPDX-License-Identifier: MIT
"""Times the library, PyTorch and JAX in turn, for the same maps from the same weights, and prints ratios in Markdown.

Each is a process of its own, kept alive; a round asks each for one map. A ratio is the median over rounds of peer / ours:
above 1, ours is faster. Maps are compared first, and a disagreement is an error. Run it by run.sh.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys

import numpy as np

import cases

HERE = pathlib.Path(__file__).resolve().parent
METHODS = ["gradients", "integrated_gradients", "guided_backprop", "grad_cam"]


class Peer:
    def __init__(self, command, environment, case, threads, out):
        self.out = out
        cores = sorted(os.sched_getaffinity(0))[:threads]
        environment = {**os.environ, **environment, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": str(HERE),
                       "JAX_PLATFORMS": "cpu"}
        self.process = subprocess.Popen([*command, *case, str(threads), str(out)], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
                                        preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.first = self.answer()[0]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("a peer failed: " + " ".join(self.process.args) + "\n" + self.process.stderr.read())
        return [float(word) for word in line.split()]

    def ask(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.answer()


def inputs(network, batch, folder):
    """Files of weights, images and classes."""
    images, classes = folder / "images.npy", folder / "classes.npy"
    if network == "vgg16":
        weights, random = folder / "vgg16.safetensors", np.random.default_rng(1)
        if not weights.exists():
            subprocess.run([sys.executable, str(HERE / "random_vgg16.py"), str(weights)], check=True,
                           env={**os.environ, "PYTHONPATH": str(HERE)})
        np.save(images, random.random((batch, 224, 224, 3), np.float32))
        np.save(classes, np.arange(batch, dtype=np.float32))
    else:
        import gzip
        weights = HERE.parent.parent / f"apps/weights/{network}.safetensors"
        data = HERE.parent.parent / "apps/data"
        pixels = np.frombuffer(gzip.decompress((data / "t10k-images-idx3-ubyte.gz").read_bytes())[16:], np.uint8)
        labels = np.frombuffer(gzip.decompress((data / "t10k-labels-idx1-ubyte.gz").read_bytes())[8:], np.uint8)
        np.save(images, (pixels.reshape(-1, 28, 28, 1)[:batch] / np.float32(255)).astype(np.float32))
        np.save(classes, labels[:batch].astype(np.float32))
    return [str(weights), str(images), str(classes)]


def compare(arguments, network, method, batch, threads):
    files = inputs(network, batch, arguments.folder)
    python = [sys.executable]
    commands = {"ours": ([str(arguments.ours)], {}),
                "PyTorch": (python + [str(HERE / "with_torch.py")], {}),
                "JAX": (python + [str(HERE / "with_jax.py")], {})}
    # Captum's hooks for these two do not reach into a compiled model.
    if arguments.compile and method in ("gradients", "integrated_gradients"):
        commands["torch.compile"] = (python + [str(HERE / "with_torch.py")], {"COMPILE": "1"})
    peers = {name: Peer(*command, [network, *files, method], threads, arguments.folder / f"{name}.npy")
             for name, command in commands.items()}

    ours = np.load(peers["ours"].out)
    for name, peer in peers.items():
        theirs = np.load(peer.out).reshape(ours.shape)
        # Per image: a gradient jumps where float32 rounding moves a ReLU's input across zero, so the bulk is compared.
        scale = np.abs(theirs).max(axis=(1, 2, 3), keepdims=True) + 1e-30
        off = np.mean(np.abs(ours - theirs) / scale > 1e-3)
        if off > 0.02:
            sys.exit(f"{network}, {method}: {100 * off:.2g} % of values differ from {name}'s by over 0.1 %")

    times = {name: [] for name in peers}
    for _ in range(arguments.rounds):
        for name, peer in peers.items():
            times[name].append(peer.ask("run")[0])
    memory = {name: peer.ask("end") for name, peer in peers.items()}
    row = [network, method, batch, threads, f"{statistics.median(times['ours']):.3g} ms"]
    for name in ("PyTorch", "torch.compile", "JAX"):
        row.append(f"{statistics.median(t / o for t, o in zip(times[name], times['ours'])):.2f}" if name in times else "")
    row.append(" / ".join(f"{memory[name][0]:.0f}" for name in ("ours", "PyTorch", "JAX")))
    row.append(" / ".join(f"{peers[name].first / 1000:.2g}" for name in peers))
    print("| " + " | ".join(map(str, row)) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", type=pathlib.Path, required=True, help="the program bench.peer")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where weights, images and maps are written")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--compile", action="store_true", help="torch.compile too, which takes a minute for each row")
    parser.add_argument("--networks", default="perceptron,cnn,deep_cnn,pooled_cnn,vgg16")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--batches", default="1,8,64", help="of digits; VGG-16 gets one image")
    parser.add_argument("--threads", default="1,2")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    print("| network | method | batch | threads | ours | PyTorch / ours | torch.compile / ours | JAX / ours "
          "| resident MiB: ours / PyTorch / JAX | first map, s: ours / peers |\n" + "|---" * 10 + "|")
    for network in arguments.networks.split(","):
        for method in arguments.methods.split(","):
            if method == "grad_cam" and network == "perceptron" or network == "vgg16" and method in METHODS[1:3]:
                continue
            for batch in [1] if network == "vgg16" else map(int, arguments.batches.split(",")):
                for threads in map(int, arguments.threads.split(",")):
                    compare(arguments, network, method, batch, threads)


main()
