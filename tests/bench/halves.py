"""`make bench-quotes`: both halves of the 30 days at once, one for each core, and one table of what they saw."""

import os
import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.report import Report

BENCH = Path(__file__).with_name("bench_quotes.py")


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, str(half)) for half in (0, 1)]
        command = [sys.executable, "-m", "launch.test", str(BENCH), "--quiet", "--show-capture=no"]
        environs = [
            {**os.environ, "BENCH_HALF": str(half), "BENCH_REPORT": str(file)} for half, file in enumerate(files)
        ]
        halves = [subprocess.Popen(command, env=environ) for environ in environs]
        statuses = [half.wait() for half in halves]
        reports: list[Report] = [pickle.loads(file.read_bytes()) for file in files if file.exists()]
    if len(reports) == len(halves):
        sys.stdout.write(f"\n{(reports[0] + reports[1]).table()}\n{'seconds':<56}{time.monotonic() - began:>10.0f}\n")
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main())
