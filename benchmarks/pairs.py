"""What the benchmarks share that run a chain with one process and with two: timing, pairs, printing."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import installed
from benchmarks.chains import write
from tests.backends import server_url

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
    """One run. `busiest`: seconds of processor time of the process that used the most of it.

    `results`: what came out, by test or revision; the same for one process and for two.
    """

    seconds: float
    busiest: float
    results: Mapping[str, str]


@dataclass(frozen=True)
class Project:
    """A chain in a folder, the URL it is configured for, and the environment in which commands run there."""

    folder: Path
    url: str
    env: Mapping[str, str]


def arguments() -> argparse.Namespace:
    """Returns what the command line says: databases, pairs and revisions."""
    parser = argparse.ArgumentParser()
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--revisions", type=int, default=200)
    return parser.parse_args()


def url_of(database: str, folder: Path) -> str:
    """Returns the URL of a database in a folder, or of the server that the tests use."""
    if database == "sqlite":
        return f"sqlite:///{folder / 'named.db'}"
    return server_url(database).render_as_string(hide_password=False)


def timed(project: Project, command: Sequence[str]) -> tuple[str, float, float]:
    """Runs a command; returns what it prints, its wall time and the processor time of its busiest process.

    Raises SystemExit with its output where it fails.
    """
    with tempfile.TemporaryDirectory() as times:
        started = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=project.folder,
            env={**project.env, "BENCHMARK_TIMES": times},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - started
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)
        return done.stdout, seconds, max(float(each.read_text()) for each in Path(times).iterdir())


def compared(
    database: str, given: argparse.Namespace, run: Callable[[Project, int], Run]
) -> tuple[float, bool]:
    """Runs and prints the pairs; returns the median ratio, and whether all results were the same.

    `run`: runs the project with so many processes.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as copy:
        env = installed.environment(Path(copy))
        Path(copy, "sitecustomize.py").write_text(_SITE, encoding="utf-8")
        project = Project(Path(folder), url_of(database, Path(folder)), env)
        write(project.folder, given.revisions, project.url)
        ratios, cpu, same = [], [], True
        for _ in range(given.pairs):
            one, two = run(project, 1), run(project, 2)
            same &= one.results == two.results and len(one.results) >= given.revisions
            ratios.append(one.seconds / two.seconds)
            cpu.append(one.busiest / two.busiest)
            print(
                f"{database:<10} one process {one.seconds:6.2f} s (processor {one.busiest:5.2f} s),"
                f" two {two.seconds:6.2f} s ({two.busiest:5.2f} s): {ratios[-1]:.2f} times",
                flush=True,
            )
    ratio = statistics.median(ratios)
    print(
        f"{database:<10} median {ratio:.2f} times, processor time {statistics.median(cpu):.2f} times",
        flush=True,
    )
    return ratio, same
