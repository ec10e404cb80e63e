# SPDX-License-Identifier: MIT
"""Times the library, PyTorch and JAX in turn, for the same maps from the same weights, and prints ratios in Markdown.

Each is a process of its own, kept alive; a round asks each for some maps, in an order that moves on from round to round.
A ratio is the median over rounds of peer / ours: above 1, ours is faster. Maps are compared first, and a disagreement is
an error. Compilation (of torch.compile and of jax.jit) is in the first map alone, which is reported apart. Run it by
run.sh. --plan says what is compared:
  methods  every method of the classifiers of digits, by batch; gradients and Grad-CAM of torchvision's networks
  sizes    gradients and Grad-CAM of a convolutional network on images of 28 to 224 pixels a side
  train    an epoch of Adam over some of the digits
  process  one map in a process of its own: start, load, forward, backward, write
"""

import argparse
import datetime
import importlib.metadata
import json
import pathlib
import platform
import statistics
import sys

import numpy as np

import cases
import peer

METHODS = ["gradients", "gradients_x_input", "integrated_gradients", "deconvolution", "guided_backprop", "grad_cam",
           "guided_grad_cam"]


def contestants(arguments, method):
    """Command and environment of each, by name; ours first."""
    torch = [sys.executable, str(peer.HERE / "with_torch.py")]
    found = {"ours": ([str(arguments.ours)], {}), "PyTorch": (torch, {})}
    if arguments.channels_last:
        found["channels last"] = (torch, {"CHANNELS_LAST": "1"})
    # Captum's hooks for the others do not reach into a compiled model.
    if arguments.compile and method in ("gradients", "gradients_x_input", "integrated_gradients"):
        found["torch.compile"] = (torch, {"COMPILE": "1"})
    if method != "train":
        found["JAX"] = ([sys.executable, str(peer.HERE / "with_jax.py")], {})
    return found


def disagreement(network, method, ours, theirs):
    """What is wrong between two maps, or None."""
    theirs = theirs.reshape(ours.shape)
    if method == "train":  # the mean loss of an epoch whose batches are drawn by each
        off = abs(ours - theirs).item() / theirs.item()
        return f"the loss differs by {100 * off:.2g} %" if not off < 0.15 else None
    # A gradient jumps where float32 rounding moves a ReLU's input across zero. In a network with random weights, such a
    # jump reaches the whole image: PyTorch's own gradients in float32 lie 4 % from those in float64 for ResNet-50.
    if method == "gradients" and network in cases.TORCHVISION:
        off = np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
        return f"they differ by {100 * off:.2g} % of their norm" if not off <= 0.1 else None
    # Elsewhere it moves few values, so the bulk is compared, for each image.
    scale = np.abs(theirs).max(axis=(1, 2, 3), keepdims=True) + 1e-30
    off = np.mean(np.abs(ours - theirs) / scale > 1e-3)
    return f"{100 * off:.2g} % of values differ by over 0.1 %" if not off <= 0.02 else None


def compare(arguments, network, method, batch, threads):
    files = peer.inputs(network, method, batch, arguments.folder)
    peers = {name: peer.Peer(*how, [network, *files, method], threads, arguments.folder / f"{name}.npy",
                              arguments.cpu_time)
             for name, how in contestants(arguments, method).items()}
    ours = np.load(peers["ours"].out)
    for name, other in peers.items():
        if wrong := disagreement(network, method, ours, np.load(other.out)):
            sys.exit(f"{network}, {method}, ours and {name}: {wrong}")

    order = list(peers.values())
    for _ in range(arguments.rounds):
        for each in order:
            each.visit()
        order.append(order.pop(0))
    row = {"network": network, "method": method, "batch": batch, "threads": threads, "programs": {}}
    for name, each in peers.items():
        resident, peak = each.end()
        row["programs"][name] = {
            "ms": statistics.median(each.times), "first_ms": each.first, "resident_MiB": resident, "peak_MiB": peak,
            "ratio": statistics.median(t / o for t, o in zip(each.times, peers["ours"].times))}
    return row


def compare_processes(arguments, threads):
    files = peer.inputs("cnn", "gradients", 1, arguments.folder)
    case = ["cnn", *files, "gradients", str(threads), str(arguments.folder / "map.npy")]
    commands = {name: (command + case, more) for name, (command, more) in contestants(arguments, "gradients").items()}
    device = ["--device", "cpu"] if threads == 1 else ["--device", "cpu_pool", "--threads", str(threads)]
    demo = arguments.ours.parent.parent / "apps/salient-gradients"
    commands["ours"] = ([str(demo), "--digits", "0", *device, "--out", str(arguments.folder / "map.png")], {})
    times = {name: [] for name in commands}
    for _ in range(arguments.rounds):
        for name, (command, more) in commands.items():
            times[name].append(1000 * peer.process_seconds(command, more, threads))
    return {"network": "cnn", "method": "gradients, a whole process", "batch": 1, "threads": threads,
            "programs": {name: {"ms": statistics.median(t),
                                "ratio": statistics.median(a / b for a, b in zip(t, times["ours"]))}
                         for name, t in times.items()}}


def rows(arguments):
    threads = [int(t) for t in arguments.threads.split(",")]
    batches = [int(b) for b in arguments.batches.split(",")]
    large_batches = [int(b) for b in arguments.large_batches.split(",")]
    methods = arguments.methods.split(",") if arguments.methods else METHODS
    plans = arguments.plan.split(",")
    if "methods" in plans:
        for network in arguments.networks.split(","):
            large = network in cases.TORCHVISION
            for method in methods:
                if not cases.applies(method, network):
                    continue
                for batch in large_batches if large else batches:
                    for t in threads:
                        yield compare(arguments, network, method, batch, t)
    if "sizes" in plans:
        for size in cases.SIZES:
            for method in ("gradients", "grad_cam"):
                for t in threads:
                    yield compare(arguments, f"sized_{size}", method, 1, t)
    if "train" in plans:
        for t in threads:
            yield compare(arguments, "cnn", "train", arguments.train_images, t)
    if "process" in plans:
        for t in threads:
            yield compare_processes(arguments, t)


NAMES = ["PyTorch", "channels last", "torch.compile", "JAX"]


def printed(row):
    programs = row["programs"]

    def each(key, form, scale=1):
        return " / ".join(form.format(p[key] / scale) if (p := programs.get(n)) and key in p else "–"
                          for n in ["ours", *NAMES])

    ratios = [f"{programs[n]['ratio']:.2f}" if n in programs else "–" for n in NAMES]
    cells = [row["network"], row["method"], row["batch"], row["threads"], f"{programs['ours']['ms']:.3g} ms", *ratios,
             each("resident_MiB", "{:.0f}"), each("peak_MiB", "{:.0f}"), each("first_ms", "{:.2g}", 1000)]
    return "| " + " | ".join(map(str, cells)) + " |"


def machine():
    with open("/proc/cpuinfo") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    return {"processor": model, "date": datetime.date.today().isoformat(), "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in ("torch", "torchvision", "captum", "jax", "numpy")}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", type=pathlib.Path, required=True, help="the program bench.peer")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where weights, images and maps are written")
    parser.add_argument("--plan", default="methods,sizes,train,process", help="a list; see above")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--cpu-time", action="store_true",
                        help="the processor's time instead of the wall's, for a machine that is not idle; one thread, "
                             "since threads that wait for each other count as well")
    parser.add_argument("--compile", action="store_true", help="torch.compile too, which takes a minute for each row")
    parser.add_argument("--channels-last", action="store_true", help="PyTorch on channels-last data too")
    parser.add_argument("--networks", default=",".join(cases.DIGITS + cases.TORCHVISION), help="of the methods")
    parser.add_argument("--methods", default="", help="default: " + ",".join(METHODS))
    parser.add_argument("--batches", default="1,8,64", help="of digits")
    parser.add_argument("--large-batches", default="1", help="of images of 224x224")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--train-images", type=int, default=6400)
    parser.add_argument("--json", type=pathlib.Path, help="where the rows go as well; plot.py draws them")
    arguments = parser.parse_args()
    if arguments.cpu_time and (arguments.threads != "1" or arguments.plan not in ("methods", "sizes", "methods,sizes")):
        parser.error("--cpu-time needs --threads 1, and --plan methods or sizes")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    result = {"machine": machine(), "clock": "cpu" if arguments.cpu_time else "wall", "rows": []}
    print(", ".join(f"{name} {value}" for name, value in result["machine"].items()))
    names = " / ".join(["ours", *NAMES])
    print(f"\nMiB and seconds of {names}\n")
    print("| network | method | batch | threads | ours | " + " | ".join(f"{n} / ours" for n in NAMES) +
          " | resident, MiB | peak, MiB | first map, s |\n" + "|---" * (8 + len(NAMES)) + "|")
    for row in rows(arguments):
        print(printed(row), flush=True)
        result["rows"].append(row)
        if arguments.json:
            arguments.json.write_text(json.dumps(result, indent=1) + "\n")


main()
