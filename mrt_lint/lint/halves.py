"""Does one piece of work for each of many files in two processes, where that is safe and pays.

The other process is a fork: it has everything that was read already, and hands back what it made. Where it
comes to nothing (no memory, a value that cannot be handed over), this process does its part as well.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Final, TypeVar

Made = TypeVar("Made")

LEAST: Final = 200
"""Files from which on it pays: a fork and the way back cost as much as lowering some thirty files."""

SQL_START: Final = 300_000
"""Bytes of files that take as long to lower as the import of the SQL parser."""

CODE_START: Final = 100_000
"""The same for the import of what follows the code of functions, and for what these take more than others."""


def processes() -> int:
    """Returns how many processes may share the work: 2 on Linux with as many processors, else 1.

    Elsewhere a fork is slow, or not safe for the system's own libraries; nor is it beside other threads.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(2, len(os.sched_getaffinity(0)))


def parted(contents: Sequence[bytes]) -> list[int]:
    """Returns the places of the files for the other process, such that both take about as long.

    Files with SQL go there together: then only one of the two imports the parser. If most are of that
    kind, each takes every second file, and the parser is imported here, once for both. Files with functions
    stay here, if they are few, so that only this process imports what follows them.
    """
    weights = list(map(len, contents))
    with_sql = [place for place, data in enumerate(contents) if b"SQL" in data or b"execute" in data]
    heavy, total = sum(weights[place] for place in with_sql), sum(weights)
    if heavy > total / 2:
        import_module("mrt_lint.sql.lower")
        return list(range(1, len(weights), 2))
    half = (total + SQL_START) / 2 if with_sql else total / 2
    order = list(reversed(range(len(weights))))
    with_code = {place for place, data in enumerate(contents) if b"def " in data}
    if with_code and sum(weights[place] for place in with_code) < total / 4:
        half += CODE_START / 2
        order.sort(key=with_code.__contains__)
    chosen = set(with_sql)
    load = heavy + (SQL_START if with_sql else 0)
    for place in order:
        if place not in chosen and load + weights[place] <= half:
            chosen.add(place)
            load += weights[place]
    return sorted(chosen)


def in_two(
    work: Callable[[int], Made], count: int, theirs: Sequence[int], step: Callable[[int], None]
) -> list[Made]:
    """Returns what `work` makes of each place below `count`; `theirs` are done by another process.

    `step` is told how many are done. What `work` raises is raised, and the other process ended.
    """
    import pickle

    reading, writing = os.pipe()
    other = os.fork()
    if other == 0:
        _serve(work, theirs, reading, writing)
    os.close(writing)
    found: dict[int, Made] = {}
    apart = set(theirs)
    try:
        with os.fdopen(reading, "rb") as stream:
            for place in range(count):
                if place not in apart:
                    found[place] = work(place)
                    step(len(found))
            data = stream.read()
    except BaseException:
        os.kill(other, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(other, 0)
    if status == 0:
        handed: Mapping[int, Made] = pickle.loads(data)
        found.update(handed)
    for place in range(count):
        if place not in found:
            found[place] = work(place)
    step(count)
    return [found[place] for place in range(count)]


def _serve(work: Callable[[int], Made], places: Sequence[int], reading: int, writing: int) -> None:
    """Does the work in the other process, hands it over and ends the process, whatever happens."""
    import pickle

    status = 1
    try:
        os.close(reading)
        gc.disable()  # it ends soon, and must not touch the memory that both still share
        data = pickle.dumps({place: work(place) for place in places}, pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as stream:
            stream.write(data)
        status = 0
    finally:
        os._exit(status)
