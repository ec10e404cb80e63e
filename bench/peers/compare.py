# SPDX-License-Identifier: MIT
"""Times the library, PyTorch and JAX in turn, for the same maps from the same weights, and prints ratios in Markdown.

Each is a process of its own, kept alive; a round asks each for some maps, in an order that moves on from round to round.
A ratio is the median over rounds of peer / ours: above 1, ours is faster. Maps are compared first, and a disagreement is
an error. Compilation (of torch.compile and of jax.jit) is in the first map alone, which is reported apart. run.sh
installs what this needs and runs it; where torch and JAX are installed, it can be run by itself. --device gpu compares on
a GPU, see on_gpu.py. On the CPU --plan says what is compared:
  methods  every method of the classifiers of digits, by batch; gradients, Grad-CAM and the forward pass alone, beside ONNX
           Runtime too, of torchvision's networks, and of ResNet-50 integrated gradients and SmoothGrad
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
import on_gpu as gpu
import peer

METHODS = ["gradients", "gradients_x_input", "integrated_gradients", "deconvolution", "guided_backprop", "grad_cam",
           "guided_grad_cam", "smooth_grad", "forward"]


def contestants(arguments, method):
    """Command and way of each, by name; ours first."""
    found = {"ours": (arguments.commands["ours"], "float32"), "PyTorch": (arguments.commands["PyTorch"], "captum")}
    if arguments.channels_last:
        found["channels last"] = (arguments.commands["PyTorch"], "captum+channels_last")
    # Captum's hooks for the others do not reach into a compiled model.
    if arguments.compile and method in ("gradients", "gradients_x_input", "integrated_gradients"):
        found["torch.compile"] = (arguments.commands["PyTorch"], "captum+compile")
    if method != "train":
        found["JAX"] = (arguments.commands["JAX"], "float32")
    if method == "forward":
        found["ONNX Runtime"] = (arguments.commands["ONNX Runtime"], "float32")
    return found


def disagreement(network, method, ours, theirs):
    """What is wrong between two maps, or None."""
    theirs = theirs.reshape(ours.shape)
    if method == "train":  # the mean loss of an epoch whose batches are drawn by each
        off = abs(ours - theirs).item() / theirs.item()
        return f"the loss differs by {100 * off:.2g} %" if not off < 0.15 else None
    if method == "smooth_grad":  # each draws its own noise
        off = abs(np.linalg.norm(ours) / np.linalg.norm(theirs) - 1)
        return f"their norms differ by {100 * off:.2g} %" if not off <= 0.1 else None
    # A gradient jumps where float32 rounding moves a ReLU's input across zero. In a network with random weights, such a
    # jump reaches the whole image: PyTorch's own gradients in float32 lie 4 % from those in float64 for ResNet-50.
    if method in ("gradients", "integrated_gradients") and network in cases.TORCHVISION:
        off = np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
        return f"they differ by {100 * off:.2g} % of their norm" if not off <= 0.1 else None
    # Elsewhere it moves few values, so the bulk is compared, for each image.
    scale = np.abs(theirs).max(axis=(1, 2, 3), keepdims=True) + 1e-30
    off = np.mean(np.abs(ours - theirs) / scale > 1e-3)
    return f"{100 * off:.2g} % of values differ by over 0.1 %" if not off <= 0.02 else None


def compare(arguments, network, method, batch, threads):
    files = peer.inputs(network, method, batch, arguments.folder)
    jobs = {}
    for name, (command, way) in contestants(arguments, method).items():
        out = arguments.folder / f"{name}.npy"
        process = peer.Process(command, str(threads), f"{out}.errors")
        jobs[name] = peer.Job(process, "map", [network, *files, method], way, out, arguments.cpu_time)
        jobs[name].start()
    for name, other in jobs.items():
        if wrong := disagreement(network, method, jobs["ours"].map(), other.map()):
            raise peer.Failed(f"{network}, {method}, ours and {name}: {wrong}")

    peer.take_turns(jobs.values(), arguments.rounds)
    row = {"network": network, "method": method, "batch": batch, "threads": threads, "programs": {}}
    for name, each in jobs.items():
        resident, peak = each.process.ask("memory")
        each.process.end()
        row["programs"][name] = {
            "ms": statistics.median(each.times), "first_ms": each.first, "resident_MiB": resident, "peak_MiB": peak,
            "ratio": peer.ratio(each, jobs["ours"])}
    return row


def compare_processes(arguments, threads):
    files = peer.inputs("cnn", "gradients", 1, arguments.folder)
    out = arguments.folder / "map.npy"
    device = ["--device", "cpu"] if threads == 1 else ["--device", "cpu_pool", "--threads", str(threads)]
    demo = arguments.ours.parent.parent / "apps/salient-gradients"
    programs = {}
    for name, (command, way) in contestants(arguments, "gradients").items():
        asked = "\t".join(["open", "map", "cnn", *files, "gradients", way]) + f"\nfirst\tmap\t{out}\n"
        programs[name] = (command, asked)
    programs["ours"] = ([str(demo), "--digits", "0", *device, "--out", str(arguments.folder / "map.png")], "")
    times = {name: [] for name in programs}
    for _ in range(arguments.rounds):
        for name, (command, asked) in programs.items():
            times[name].append(1000 * peer.process_seconds(command, str(threads), asked))
    return {"network": "cnn", "method": "gradients, a whole process", "batch": 1, "threads": threads,
            "programs": {name: {"ms": statistics.median(t),
                                "ratio": statistics.median(a / b for a, b in zip(t, times["ours"]))}
                         for name, t in times.items()}}


def rows(arguments):
    threads = [int(t) for t in arguments.threads.split(",")]
    batches = [int(b) for b in arguments.batches.split(",")]
    large_batches = [int(b) for b in arguments.large_batches.split(",")]
    plans = arguments.plan.split(",")
    if "methods" in plans:
        for network in arguments.networks:
            large = network in cases.TORCHVISION
            for method in arguments.methods:
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


NAMES = ["PyTorch", "channels last", "torch.compile", "JAX", "ONNX Runtime"]


def printed(row):
    programs = row["programs"]

    def each(key, form, scale=1):
        return " / ".join(form.format(p[key] / scale) if (p := programs.get(n)) and key in p else "–"
                          for n in ["ours", *NAMES])

    ratios = [f"{programs[n]['ratio']:.2f}" if n in programs else "–" for n in NAMES]
    cells = [row["network"], row["method"], row["batch"], row["threads"], f"{programs['ours']['ms']:.3g} ms", *ratios,
             each("resident_MiB", "{:.0f}"), each("peak_MiB", "{:.0f}"), each("first_ms", "{:.2g}", 1000)]
    return "| " + " | ".join(map(str, cells)) + " |"


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def machine():
    with open("/proc/cpuinfo") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    return {"processor": model, "date": datetime.date.today().isoformat(), "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "torchvision", "captum", "jax", "numpy")}}


def print_rows(arguments, about, head, rows, printed):
    """Each as soon as it is there. `about` says what was measured where."""
    print(", ".join(f"{name} {value}" for name, value in about["machine"].items()))
    print(f"\n{head}")
    found = []
    for row in rows:
        print(printed(row), flush=True)
        found.append(row)
        if arguments.json:
            arguments.json.write_text(json.dumps({**about, "rows": found}, indent=1) + "\n")


def on_cpu(arguments):
    names = " / ".join(["ours", *NAMES])
    head = (f"MiB and seconds of {names}\n\n| network | method | batch | threads | ours | " +
            " | ".join(f"{n} / ours" for n in NAMES) + " | resident, MiB | peak, MiB | first map, s |\n" +
            "|---" * (8 + len(NAMES)) + "|")
    about = {"machine": machine(), "clock": "cpu" if arguments.cpu_time else "wall"}
    print_rows(arguments, about, head, rows(arguments), printed)


def on_gpu(arguments):
    table = gpu.Table(arguments, disagreement)
    print_rows(arguments, {"machine": {"card": gpu.card(), **machine()}}, table.head(), table.rows(), table.printed)
    return 1 if table.wrong else 0


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
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--batches", default="1,8,64", help="of digits")
    parser.add_argument("--large-batches", default="1", help="of images of 224x224")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--train-images", type=int, default=6400)
    parser.add_argument("--json", type=pathlib.Path, help="where the rows go as well; plot.py draws them")
    group = parser.add_argument_group("on a GPU", "other rows, see on_gpu.py, of which --networks and --methods choose")
    group.add_argument("--programs", default="PyTorch,JAX",
                       help="beside the library's; JAX compiles and tunes for minutes before the first row")
    group.add_argument("--device", choices=["cpu", "gpu"], default="cpu")
    group.add_argument("--precision", default="float32,tf32", help="a list")
    group.add_argument("--seconds", type=float, default=600, help="after which no row is begun")
    group.add_argument("--rehearse", action="store_true", help="the same steps on the CPU, to try them without a GPU")
    arguments = parser.parse_args()
    if arguments.cpu_time and (arguments.threads != "1" or arguments.plan not in ("methods", "sizes", "methods,sizes")):
        parser.error("--cpu-time needs --threads 1, and --plan methods or sizes")
    of_cpu = ("plan", "cpu_time", "batches", "large_batches", "threads", "train_images")
    of_gpu = ("precision", "programs", "seconds", "rehearse")
    for name in of_gpu if arguments.device == "cpu" else of_cpu:
        if getattr(arguments, name) != parser.get_default(name):
            parser.error(f"--{name.replace('_', '-')} is not for --device {arguments.device}")
    arguments.networks, arguments.methods = arguments.networks.split(","), arguments.methods.split(",")
    arguments.folder = arguments.folder.resolve()
    arguments.commands = {"ours": [str(arguments.ours)], "PyTorch": [sys.executable, str(peer.HERE / "with_torch.py")],
                          "JAX": [sys.executable, str(peer.HERE / "with_jax.py")],
                          "ONNX Runtime": [sys.executable, str(peer.HERE / "with_onnxruntime.py")]}
    arguments.has_captum = all(version(name) != "none" for name in ("captum", "matplotlib", "packaging", "tqdm"))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    try:
        sys.exit(on_gpu(arguments) if arguments.device == "gpu" else on_cpu(arguments))
    except peer.Failed as e:
        sys.exit(str(e))


main()
