"""Times a cold check of a generated Django project against pytest-mrt 1.9.1: `make benchmark-django`.

1,000 migrations, a quarter of them merges or empty. The two commands run in turn on the same files in the
same run; the median of the ratios, pair by pair, is what counts.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.django_histories import write
from benchmarks.packages import environment
from benchmarks.speed import seconds

PAIRS = 5
BOUND = 3.0


def main() -> None:
    """Prints the medians and whether the bound is kept."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    other = environment("pytest-mrt", "pytest-mrt==1.9.1")
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), count)
        ours = [sys.executable, "-m", "mrt_lint", "check", str(root)]
        theirs = [str(other / "mrt"), "check", str(root)]
        seconds(ours, root), seconds(theirs, root)
        runs = [(seconds(ours, root), seconds(theirs, root)) for _ in range(PAIRS)]
    ratio = statistics.median(our[0] / their[0] for our, their in runs)
    print(f"{count} migrations, {PAIRS} pairs after one warm-up of each")
    for place, name in enumerate(("mrt-lint", "pytest-mrt 1.9.1")):
        times = sorted(run[place][0] for run in runs)
        middle, memory = statistics.median(times), max(run[place][1] for run in runs)
        print(f"{name:16} median {middle:6.2f} s ({times[0]:.2f} to {times[-1]:.2f}), peak {memory:4.0f} MB")
    print(f"ratio, pair by pair: median {ratio:.2f} (bound {BOUND})")
    sys.exit(0 if ratio <= BOUND else 1)


if __name__ == "__main__":
    main()
