# SPDX-License-Identifier: MIT
"""python plot.py ROWS.json PICTURE.png [--threads 2]: draws what compare.py --json has written.

Left, milliseconds for each image over the batch size, gradients of the small CNN; right, milliseconds over the side of
the image, gradients of the convolutional network of any size. Lower is better; both axes are logarithmic.
"""

import argparse
import json

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  (after the backend)

# Okabe and Ito's colours, which the colour-blind tell apart; markers for print in grey.
STYLES = {"ours": ("#0072B2", "o"), "PyTorch": ("#D55E00", "s"), "channels last": ("#CC79A7", "v"),
          "torch.compile": ("#E69F00", "^"), "JAX": ("#009E73", "D")}


def draw(axes, rows, at, title, label):
    """at(row) gives x and the number of images."""
    for name, (colour, marker) in STYLES.items():
        points = sorted((at(row)[0], row["programs"][name]["ms"] / at(row)[1]) for row in rows if name in row["programs"])
        if points:
            axes.plot(*zip(*points), color=colour, marker=marker, label=name, linewidth=2 if name == "ours" else 1.2)
    ticks = sorted({at(row)[0] for row in rows})
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(ticks, [str(t) for t in ticks])
    axes.minorticks_off()
    low, high = axes.get_ylim()
    marks = [m * 10**e for e in range(-5, 5) for m in (1, 2, 5) if low <= m * 10**e <= high]
    axes.set_yticks(marks, [f"{mark:g}" for mark in marks], minor=False)
    axes.set_xlabel(label)
    axes.set_title(title, fontsize=10)
    axes.grid(alpha=0.3)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows")
    parser.add_argument("picture")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    with open(arguments.rows) as file:
        measured = json.load(file)
    rows = [row for row in measured["rows"] if row["threads"] == arguments.threads and row["method"] == "gradients"]
    batches = [row for row in rows if row["network"] == "cnn"]
    sizes = [row for row in rows if row["network"].startswith("sized_")]
    if not batches or not sizes:
        raise SystemExit(f"{arguments.rows} lacks gradients of cnn or of the sizes at {arguments.threads} threads; "
                         "run compare.py with --plan methods,sizes")
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    draw(left, batches, lambda row: (row["batch"], row["batch"]), "Gradients of the small CNN", "digits in a batch")
    draw(right, sizes, lambda row: (int(row["network"].split("_")[1]), row["batch"]),
         "Gradients of six 3×3 convolutions", "side of the image, pixels")
    left.set_ylabel("ms for each image")
    right.set_ylabel("ms")
    left.legend(fontsize=8)
    about = measured["machine"]
    threads = "1 thread" if arguments.threads == 1 else f"{arguments.threads} threads"
    figure.suptitle(f"{about['processor']}, {threads}, {about['date']}; PyTorch {about['torch']}, JAX {about['jax']}",
                    fontsize=8)
    figure.savefig(arguments.picture, dpi=150)


main()
