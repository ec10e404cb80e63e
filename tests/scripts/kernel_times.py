# SPDX-License-Identifier: MIT
"""Tests bench/kernel_times.py: python3 kernel_times.py"""

import pathlib
import subprocess
import sys
import unittest

SCRIPT = pathlib.Path(__file__).parents[2] / "bench/kernel_times.py"

HEAD = ('"ID","Process ID","Process Name","Host Name","Kernel Name","Context","Stream","Block Size","Grid Size","Device",'
        '"CC","Section Name","Metric Name","Metric Unit","Metric Value"\n')


def launch(kernel, value, unit="ns", metric="gpu__time_duration.sum"):
    return (f'"0","7","bench.peer","127.0.0.1","{kernel}","1","7","(256, 1, 1)","(12, 1, 1)","0","9.0",'
            f'"Command line profiler metrics","{metric}","{unit}","{value}"\n')


def told(text):
    return subprocess.run([sys.executable, SCRIPT], input=text, capture_output=True, text=True)


class KernelTimes(unittest.TestCase):
    def test_sums_by_kernel_and_sorts_by_time(self):
        done = told("==PROF== Connected to process 7\n" + HEAD + launch("relu(int, float *)", "1,500") +
                    launch("void conv<(int)3, float>(view)", "40", "us") + launch("relu(int, float *)", "2.5", "usecond") +
                    launch("relu(int, float *)", "99", metric="sm__cycles_active.avg") + "==PROF== Disconnected\n")
        self.assertEqual(done.stdout.splitlines()[2:], [
            "| `void conv<(int)3, float>(view)` | 1 | 40.0 | 90.9 % |",
            "| `relu(int, float *)` | 2 | 4.0 | 9.1 % |",
            "| all | 3 | 44.0 | |"])
        self.assertEqual(done.returncode, 0)

    def test_long_names_that_differ_at_the_end_stay_apart(self):
        long = "void map<" + "functor, " * 40
        lines = told(HEAD + launch(long + "one>", "10") + launch(long + "two>", "20")).stdout.splitlines()
        self.assertEqual(len(lines), 5)
        self.assertTrue(lines[2].startswith("| `void map<functor") and "two>` | 1 | 0.0" in lines[2], lines[2])

    def test_says_that_there_is_no_table_and_no_kernel(self):
        for text, why in (("==ERROR== ERR_NVGPUCTRPERM\n", "no table"), (HEAD, "no kernel"), ("", "no table")):
            done = told(text)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(why, done.stderr)


unittest.main()
