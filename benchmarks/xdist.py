"""Times the built-in tests on a chain of 200 revisions with one pytest-xdist worker and with two.

The two run in turn, in pairs, on the same files and on a compiled copy of our packages, as pip leaves them;
what counts is the median of the pairs' ratios. Printed too is the processor time of the busiest worker, which
says more than the clock where others use the machine.
The results must be the same, test by test.

    python -m benchmarks.xdist [sqlite] [postgresql] [--pairs N] [--revisions N]

PostgreSQL: MRT_TEST_POSTGRES_URL, else the local server.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from benchmarks import installed
from benchmarks.chains import write

FASTER = 1.4
"""How many times faster two workers must at least be than one."""

_CONFTEST = """\
import os


def pytest_sessionfinish(session):
    worker = getattr(session.config, "workerinput", {}).get("workerid")
    if worker:
        used = os.times()
        with open(os.path.join(os.environ["BENCHMARK_TIMES"], worker), "w") as file:
            file.write(str(used.user + used.system))
"""


@dataclass(frozen=True)
class Run:
    """One run. `busiest`: seconds of processor time of the worker that used the most of it."""

    seconds: float
    busiest: float
    outcomes: Mapping[str, str]


def project(folder: Path, database: str, revisions: int) -> None:
    """Writes a chain with the configuration of our plugin."""
    url = f"sqlite:///{folder / 'named.db'}"
    if database == "postgresql":
        url = os.environ.get("MRT_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    write(folder, revisions, url)
    (folder / "test_rollback.py").unlink()
    (folder / "conftest.py").write_text(_CONFTEST, encoding="utf-8")
    table = f'[tool.pytest.ini_options]\n\n[tool.mrt-lint.verify]\ndb-url = "{url}"\n'
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")


def run(folder: Path, env: Mapping[str, str], workers: int) -> Run:
    """Runs the built-in tests with so many workers. `env`: the environment."""
    with tempfile.TemporaryDirectory() as times:
        report = Path(times, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
        started = time.perf_counter()
        done = subprocess.run(
            [*command, "-n", str(workers), f"--junitxml={report}"],
            cwd=folder,
            env={**env, "BENCHMARK_TIMES": times},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - started
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)
        outcomes = {
            str(case.get("name")): ",".join(sorted(child.tag for child in case)) or "passed"
            for case in ElementTree.parse(report).iter("testcase")
        }
        busiest = max(float(each.read_text()) for each in Path(times).glob("gw*"))
        return Run(seconds, busiest, outcomes)


def main() -> None:
    """Prints a line for each pair and each database, and whether the bound is kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--revisions", type=int, default=200)
    given = parser.parse_args()
    kept = True
    for database in given.databases:
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as copy:
            place, env = Path(folder), installed.environment(Path(copy))
            project(place, database, given.revisions)
            ratios, cpu = [], []
            for _ in range(given.pairs):
                one, two = run(place, env, 1), run(place, env, 2)
                kept &= one.outcomes == two.outcomes and len(one.outcomes) >= given.revisions
                ratios.append(one.seconds / two.seconds)
                cpu.append(one.busiest / two.busiest)
                print(
                    f"{database:<10} one worker {one.seconds:6.2f} s (processor {one.busiest:5.2f} s),"
                    f" two {two.seconds:6.2f} s ({two.busiest:5.2f} s): {ratios[-1]:.2f} times",
                    flush=True,
                )
        ratio = statistics.median(ratios)
        kept &= ratio >= FASTER
        print(f"{database:<10} median {ratio:.2f} times, processor time {statistics.median(cpu):.2f} times")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
