# SPDX-License-Identifier: MIT
"""The comparison on a GPU, which compare.py --device gpu runs: one process for each program serves all rows, because
starting CUDA and loading a framework takes seconds, and every row is measured in float32 and in TF32.

Images are in the host's memory before a map, and the map is after it. The programs of a row and precision:
  ours            a session of the library
  captum          PyTorch, eager, through captum, if it is installed
  autograd        PyTorch, eager, by torch.autograd.grad
  graph           the same, captured once as one CUDA graph; images come from pinned memory
  channels last   that graph, on channels-last data (--channels-last)
  torch.compile   autograd on a model under torch.compile (--compile)
  JAX             one jitted function
In float32, where nothing but rounding differs, maps must agree as on the CPU. In TF32 the table says how far each is off
PyTorch's map in float32, in norm; there a network's ReLUs make the difference, not the program.
"""

import itertools
import statistics
import subprocess
import sys
import time

import numpy as np

import peer

# What matters most comes first: the time may end before the list does.
ROWS = [("cnn", "gradients", 1), ("vgg16", "gradients", 1), ("resnet50", "gradients", 1), ("mobilenet_v2", "gradients", 1),
        ("efficientnet_b0", "gradients", 1), ("vgg16", "gradients", 8), ("cnn", "gradients", 64),
        ("cnn", "integrated_gradients", 1), ("vgg16", "grad_cam", 1), ("resnet18", "gradients", 1),
        ("resnet50", "gradients", 16), ("mobilenet_v2", "gradients", 16), ("efficientnet_b0", "gradients", 16),
        ("resnet18", "gradients", 16)]
COMPILE_AHEAD = 90  # seconds; what has begun by then is finished
PATIENCE = 150  # seconds for an answer


def programs(arguments):
    """The process and the words of the way of each, by name."""
    wanted = arguments.programs.split(",")
    if unknown := set(wanted) - {"PyTorch", "JAX"}:
        sys.exit(f"--programs: there is no {', '.join(sorted(unknown))}; expected PyTorch, JAX or both")
    found = {"ours": ("ours", "")}
    if "PyTorch" in wanted:
        if arguments.has_captum:
            found["captum"] = ("PyTorch", "captum+")
        found |= {"autograd": ("PyTorch", "autograd+"), "graph": ("PyTorch", "autograd+graph+")}
        if arguments.channels_last:
            found["channels last"] = ("PyTorch", "autograd+graph+channels_last+")
        if arguments.compile:
            found["torch.compile"] = ("PyTorch", "autograd+compile+")
    return found | ({"JAX": ("JAX", "")} if "JAX" in wanted else {})


def card():
    try:
        told = subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"], text=True,
                              capture_output=True, check=True)
        return told.stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "none that nvidia-smi finds"


class Table:
    """The rows and who makes them. `device` is "gpu", or a number of threads to rehearse on."""

    def __init__(self, arguments, disagreement):
        self.arguments, self.disagreement = arguments, disagreement
        self.device = str(peer.processors()) if arguments.rehearse else "gpu"
        self.programs = programs(arguments)
        self.precisions = arguments.precision.split(",")
        self.end = time.monotonic() + arguments.seconds
        self.wrong = []
        cached = {"JAX_COMPILATION_CACHE_DIR": str(arguments.folder / "compiled"),
                  "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0", "XLA_PYTHON_CLIENT_MEM_FRACTION": "0.35"}
        if self.device == "gpu":
            cached["JAX_PLATFORMS"] = "cuda"  # or it would run on the CPU where it has no CUDA
        self.processes = {name: peer.Process(command, self.device, arguments.folder / f"{name}.errors",
                                             cached if name == "JAX" else {}, PATIENCE)
                          for name, command in arguments.commands.items()
                          if name in {process for process, _ in self.programs.values()}}

    def complain(self, about):
        self.wrong.append(about)
        print(about, file=sys.stderr, flush=True)

    def opened(self, network, method, batch):
        """The jobs of a row, by precision and program."""
        files = peer.inputs(network, method, batch, self.arguments.folder)
        return {(precision, name): peer.Job(self.processes[process], f"{network} {method} {batch} {precision} {name}",
                                            [network, *files, method], way + precision,
                                            self.arguments.folder / f"{name} {precision}.npy")
                for precision in self.precisions for name, (process, way) in self.programs.items()}

    def compile_ahead(self):
        try:
            start = time.monotonic()
            done = self.processes["JAX"].ask("compile", min(COMPILE_AHEAD, self.arguments.seconds / 2))[0]
            print(f"JAX compiled {done:.0f} functions in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        except peer.Failed as e:
            self.complain(f"JAX compiles nothing: {e}")

    def started(self, jobs):
        """Those that made a first map."""
        ready = {}
        for key, job in jobs.items():
            try:
                job.start()
                ready[key] = job
            except peer.Failed as e:
                self.complain(f"{job.name}: {e}")
        return ready

    def measure(self, network, method, batch, jobs):
        ready = self.started(jobs)
        maps = {key: job.map() for key, job in ready.items()}
        reference = next((maps[key] for key in itertools.product(["float32"], ["autograd", "JAX", "ours"]) if key in maps), None)
        if reference is None:
            return []
        for (precision, name), found in maps.items():
            if precision != "float32" or ("float32", "ours") not in maps:
                continue
            if wrong := self.disagreement(network, method, maps["float32", "ours"], found):
                self.complain(f"{network}, {method}, {batch}, ours and {name}: {wrong}")
        try:
            peer.take_turns(ready.values(), self.arguments.rounds)
        except peer.Failed as e:
            self.complain(f"{network}, {method}, {batch}: {e}")
            return []
        return [self.row(network, method, batch, precision, ready, maps, reference) for precision in self.precisions]

    def row(self, network, method, batch, precision, ready, maps, reference):
        found = {"network": network, "method": method, "batch": batch, "precision": precision, "programs": {}}
        ours = ready.get((precision, "ours"))
        for name in self.programs:
            if (precision, name) not in ready:
                continue
            job, theirs = ready[precision, name], maps[precision, name].reshape(reference.shape)
            off = np.linalg.norm(theirs - reference) / np.linalg.norm(reference)
            found["programs"][name] = {"ms": statistics.median(job.times), "off": float(off)}
            if ours:
                found["programs"][name]["ratio"] = peer.ratio(job, ours)
        return found

    def rows(self):
        wanted = [row for row in ROWS if row[0] in self.arguments.networks and row[1] in self.arguments.methods]
        peer.prepare(dict.fromkeys(network for network, *_ in wanted), self.arguments.folder)
        opened = [self.opened(*row) for row in wanted]
        if "JAX" in self.processes:
            self.compile_ahead()
        for row, jobs in zip(wanted, opened):
            if time.monotonic() > self.end:
                self.complain("no time for " + ", ".join(map(str, row)))
                continue
            yield from self.measure(*row, jobs)
            for job in jobs.values():
                job.close()
        for process in self.processes.values():
            process.end()

    def head(self):
        names = list(self.programs)
        return ("| network | method | images | precision | ours, ms | " + " | ".join(f"{n}, ms (/ ours)" for n in names[1:]) +
                " | off, in norm: " + ", ".join(names) + " |\n" + "|---" * (5 + len(names)) + "|")

    def printed(self, row):
        found = row["programs"]

        def cell(name):
            if name not in found:
                return "–"
            ratio = found[name].get("ratio")
            return f"{found[name]['ms']:.3g}" + (f" ({ratio:.2f})" if ratio and name != "ours" else "")

        off = ", ".join(f"{found[n]['off']:.1g}" if n in found else "–" for n in self.programs)
        cells = [row["network"], row["method"], row["batch"], row["precision"], *map(cell, self.programs), off]
        return "| " + " | ".join(map(str, cells)) + " |"
