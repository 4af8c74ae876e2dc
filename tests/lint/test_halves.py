"""Two processes lower a large project as one does, and one does it all where the other fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.django_histories import write
from mrt_lint.config.settings import settings
from mrt_lint.lint import files
from mrt_lint.lint.engine import check
from mrt_lint.lint.halves import SQL_START, in_two, parted
from mrt_lint.lint.request import Request
from tests.django.agreeing import REGISTRY

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")


def nothing(done: int) -> None:
    pass


def test_the_parts_weigh_the_same() -> None:
    contents = [bytes(100_000) for _ in range(20)]
    assert len(parted(contents)) == 10
    contents[3] = contents[7] = b"RunSQL" + bytes(100_000)
    theirs = parted(contents)
    assert {3, 7} <= set(theirs)
    assert abs(sum(len(contents[place]) for place in theirs) + SQL_START - 1_120_000) <= 100_000


def test_files_with_sql_are_shared_where_most_are() -> None:
    assert parted([b"op.execute" + bytes(100_000)] * 6 + [b"x"]) == [1, 3, 5]


def test_few_files_with_functions_stay_here() -> None:
    contents = [bytes(100_000)] * 20
    contents[17] = contents[19] = b"def fill(): ..." + bytes(100_000)
    assert not {17, 19} & set(parted(contents))
    assert len(parted([b"def upgrade(): ..." + bytes(100_000)] * 20)) == 10


@forks
def test_the_results_stand_in_order() -> None:
    told: list[int] = []
    here = os.getpid()
    found = in_two(lambda place: (place * place, os.getpid() == here), 6, [1, 4], told.append)
    assert [value for value, _ in found] == [0, 1, 4, 9, 16, 25]
    assert [place for place, (_, own) in enumerate(found) if not own] == [1, 4]
    assert told == [1, 2, 3, 4, 6]


@forks
def test_what_the_other_process_cannot_do_is_done_here() -> None:
    here = os.getpid()

    def work(place: int) -> int:
        if os.getpid() != here and place == 3:
            raise MemoryError
        return place

    assert in_two(work, 4, [1, 3], nothing) == [0, 1, 2, 3]
    assert [made() for made in in_two(lambda place: lambda: place, 4, [1, 3], nothing)] == [0, 1, 2, 3]


@forks
def test_what_is_raised_here_ends_both() -> None:
    def work(place: int) -> int:
        if place == 2:
            raise KeyboardInterrupt
        return place

    with pytest.raises(KeyboardInterrupt):
        in_two(work, 4, [1, 3], nothing)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@forks
def test_any_number_of_processes_gives_the_same_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, 120)
    broken = root / "app03" / "migrations" / "0002_step.py"
    broken.write_text(broken.read_text(encoding="utf-8") + "\n)", encoding="utf-8")
    monkeypatch.setattr(files, "LEAST", 2)
    used = settings(None, {}, REGISTRY.options, root)
    reports = [
        check([root], used, REGISTRY, cwd=root, request=Request(jobs=jobs), now=_now) for jobs in (1, 2)
    ]
    assert reports[0] == reports[1]
    assert reports[0].findings


def _now():  # type: ignore[no-untyped-def]
    from datetime import datetime, timezone

    return datetime(2025, 1, 1, tzinfo=timezone.utc)
