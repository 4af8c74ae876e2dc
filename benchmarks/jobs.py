"""Times `mrt-lint verify` on a chain of 200 revisions with one process and with two.

The two run in turn, on the same files, in pairs; what counts is the median of the pairs' ratios. Printed too
is the processor time of the busiest process, which says more than the clock where others use the machine.
The verdicts must be the same, revision by revision.

    python -m benchmarks.jobs [sqlite] [postgresql] [--pairs N] [--revisions N]

PostgreSQL: MRT_TEST_POSTGRES_URL, else the local server.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chains import write

_SITE = """\
import atexit, os

def note():
    used = os.times()
    with open(os.path.join(os.environ["BENCHMARK_TIMES"], str(os.getpid())), "w") as file:
        file.write(str(used.user + used.system))

if "BENCHMARK_TIMES" in os.environ:
    atexit.register(note)
"""
"""Run by each Python process at its start: it notes at the end what it used."""


@dataclass(frozen=True)
class Run:
    """One run. `busiest`: seconds of processor time of the process that used the most of it."""

    seconds: float
    busiest: float
    verdicts: Mapping[str, str]


def run(folder: Path, url: str, jobs: int) -> Run:
    """Verifies the chain with so many processes."""
    with tempfile.TemporaryDirectory() as times:
        command = [
            sys.executable,
            "-m",
            "mrt_lint",
            "verify",
            "-f",
            "json",
            "--db-url",
            url,
            "--jobs",
            str(jobs),
        ]
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        paths = os.pathsep.join(filter(None, (str(folder / "site"), os.environ.get("PYTHONPATH"))))
        started = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=folder,
            env={**kept, "PYTHONPATH": paths, "BENCHMARK_TIMES": times},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - started
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)
        verdicts = {each["revision"]: each["verdict"] for each in json.loads(done.stdout)["revisions"]}
        busiest = max(float(each.read_text()) for each in Path(times).iterdir())
        return Run(seconds, busiest, verdicts)


def main() -> None:
    """Prints a line for each pair and each database; fails where the verdicts differ."""
    parser = argparse.ArgumentParser()
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--revisions", type=int, default=200)
    given = parser.parse_args()
    same = True
    for database in given.databases:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            url = f"sqlite:///{folder / 'named.db'}"
            if database == "postgresql":
                usual = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
                url = os.environ.get("MRT_TEST_POSTGRES_URL", usual)
            write(folder, given.revisions, url)
            (folder / "site").mkdir()
            (folder / "site/sitecustomize.py").write_text(_SITE, encoding="utf-8")
            run(folder, url, 2)  # so that the bytecode is there
            ratios, cpu = [], []
            for _ in range(given.pairs):
                one, two = run(folder, url, 1), run(folder, url, 2)
                same &= one.verdicts == two.verdicts and len(one.verdicts) == given.revisions
                ratios.append(one.seconds / two.seconds)
                cpu.append(one.busiest / two.busiest)
                print(
                    f"{database:<10} one process {one.seconds:6.2f} s (processor {one.busiest:5.2f} s),"
                    f" two {two.seconds:6.2f} s ({two.busiest:5.2f} s): {ratios[-1]:.2f} times",
                    flush=True,
                )
        print(
            f"{database:<10} median {statistics.median(ratios):.2f} times,"
            f" processor time {statistics.median(cpu):.2f} times",
            flush=True,
        )
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
