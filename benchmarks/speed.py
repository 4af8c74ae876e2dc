"""Times a cold check of a generated history against pytest-mrt 1.9.1, as ratios in one run: `make benchmark`.

pytest-mrt goes into an environment of its own. The two commands run in turn on the same files, so that
a machine that grows slower meanwhile slows both; the median of the ratios, pair by pair, is what counts.
Memory is the peak of the largest process (RSS of children, as the system accounts it; not on Windows).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.histories import write
from benchmarks.packages import environment

PAIRS = 7
BOUND = 0.8
MEMORY_BOUND = 250


def seconds(command: list[str], where: Path) -> tuple[float, float]:
    """Runs a command and returns its wall time in seconds and its peak memory in MB (0 if unknown)."""
    # Both find their compiled modules where the warm-up or the installation has put them.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    nothing = subprocess.DEVNULL
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=where, stdout=nothing, stderr=nothing, env=environment)
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        memory = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    else:
        process.wait()
        memory = 0.0
    # pytest-mrt ends with 2 where it has found errors, mrt-lint with 1.
    if process.returncode not in (0, 1, 2) or (process.returncode == 2 and "mrt_lint" in command):
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return time.perf_counter() - started, memory


def main() -> None:
    """Prints the medians and whether the bounds are kept."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    other = environment("pytest-mrt", "pytest-mrt==1.9.1")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        versions = write(root, count)
        ours = [sys.executable, "-m", "mrt_lint", "check", str(versions)]
        theirs = [str(other / "mrt"), "check", str(versions)]
        seconds(ours, root), seconds(theirs, root)
        runs = [(seconds(ours, root), seconds(theirs, root)) for _ in range(PAIRS)]
    ratio = statistics.median(our[0] / their[0] for our, their in runs)
    memory = max(our[1] for our, _ in runs)
    print(f"{count} files, {PAIRS} pairs after one warm-up of each")
    our_time, their_time = (statistics.median(run[side][0] for run in runs) for side in (0, 1))
    print(f"mrt-lint         median {our_time:6.2f} s, peak {memory:4.0f} MB")
    print(f"pytest-mrt 1.9.1 median {their_time:6.2f} s")
    print(f"ratio, pair by pair: median {ratio:.2f} (bound {BOUND}), memory bound {MEMORY_BOUND} MB")
    sys.exit(0 if ratio <= BOUND and memory <= MEMORY_BOUND else 1)


if __name__ == "__main__":
    main()
