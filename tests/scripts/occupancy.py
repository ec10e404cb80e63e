# SPDX-License-Identifier: MIT
"""Tests bench/occupancy.py: python3 occupancy.py"""

import pathlib
import subprocess
import sys
import unittest

SCRIPT = pathlib.Path(__file__).parents[2] / "bench/occupancy.py"

LOG = """ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function '_Z3mapPf' for 'sm_90'
ptxas info    : Function properties for _Z3mapPf
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 16 registers, used 0 barriers
ptxas info    : Compiling entry function '_Z4convPf' for 'sm_90'
ptxas info    : Function properties for _Z4convPf
    8 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads
ptxas info    : Used 128 registers, used 1 barriers, 33792 bytes smem
"""


def rows(*options):
    done = subprocess.run([sys.executable, SCRIPT, *options], input=LOG, capture_output=True, text=True, check=True)
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()[2:]]


class Occupancy(unittest.TestCase):
    def test_threads_limit_a_small_kernel_and_registers_a_large_one(self):
        self.assertEqual([row[1:] for row in rows()],
                         [["16", "0", "0", "8", "64", "warps"], ["128", "20", "33792", "2", "16", "registers"]])

    def test_shared_memory_chosen_at_launch_counts(self):
        # 228 KiB hold one block of 160 KiB.
        self.assertEqual(rows("--dynamic", str(160 * 1024 - 33792), "--only", "conv")[0][3:], ["163840", "1", "8", "shared memory"])

    def test_registers_are_handed_out_in_whole_units(self):
        # 16 registers of 32 threads are two units; small blocks are limited by their number.
        self.assertEqual(rows("--threads", "32", "--only", "map")[0][4:], ["32", "32", "blocks"])

    def test_says_that_there_is_nothing_to_read(self):
        done = subprocess.run([sys.executable, SCRIPT], input="", capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("ptxas -v", done.stderr)


unittest.main()
