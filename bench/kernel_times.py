# SPDX-License-Identifier: MIT
"""ncu --csv --metrics gpu__time_duration.sum ... | python3 kernel_times.py: sums a profile by kernel, in Markdown."""

import csv
import sys

METRIC = "gpu__time_duration.sum"
# In microseconds; ncu has used the short names and the long ones.
UNITS = {"ns": 1e-3, "nsecond": 1e-3, "us": 1, "usecond": 1, "ms": 1e3, "msecond": 1e3, "s": 1e6, "second": 1e6}
WIDEST = 110


def launches(lines):
    """(kernel, microseconds) of each. Skips what ncu and the program print around the table."""
    lines = iter(lines)
    head = next((line for line in lines if "Kernel Name" in line and "Metric Value" in line), None)
    if head is None:
        sys.exit("no table of ncu --csv was read; ncu's own words say why")
    names = next(csv.reader([head]))
    for cells in csv.reader(line for line in lines if line.startswith('"')):
        row = dict(zip(names, cells))
        if row.get("Metric Name") == METRIC:
            yield row["Kernel Name"], float(row["Metric Value"].replace(",", "")) * UNITS[row["Metric Unit"]]


def by_kernel(all_launches):
    """(kernel, launches, microseconds), the longest first."""
    sums = {}
    for kernel, microseconds in all_launches:
        count, total = sums.get(kernel, (0, 0.0))
        sums[kernel] = (count + 1, total + microseconds)
    return sorted(((kernel, *sum) for kernel, sum in sums.items()), key=lambda row: -row[2])


def short(name):
    """Both ends of a long name: templates differ in either."""
    name = name.replace("|", "\\|")
    if len(name) <= WIDEST:
        return name
    return name[:WIDEST // 2] + " … " + name[-WIDEST // 2 + 3:]


def table(rows):
    count, total = sum(row[1] for row in rows), sum(row[2] for row in rows)
    lines = ["| kernel | launches | µs | share |", "|---|---|---|---|"]
    lines += [f"| `{short(kernel)}` | {n} | {t:.1f} | {100 * t / total:.1f} % |" for kernel, n, t in rows]
    return "\n".join([*lines, f"| all | {count} | {total:.1f} | |"])


def main():
    rows = by_kernel(launches(sys.stdin))
    if not rows:
        sys.exit("ncu saw no kernel")
    print(table(rows))


if __name__ == "__main__":
    main()
