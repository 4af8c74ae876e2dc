"""A walk taken in pieces: it goes as far as it is told, in one run of env.py, and finds out the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mrt_dynamic.results import Verified
from mrt_dynamic.testing import consistency
from mrt_dynamic.testing.consistency import Consistency
from mrt_dynamic.testing.sharing import Share
from mrt_dynamic.verify.pieces import Pieces
from mrt_dynamic.verify.request import Request
from mrt_dynamic.verify.run import Verifier
from mrt_dynamic.verify.settings import verify_settings
from mrt_lint.config.settings import settings
from tests.dynamic.commands import shop
from tests.dynamic.projects import Migration, table

LOSSY = Migration(
    "r02",
    "r01",
    'with op.batch_alter_table("t_r00") as batch:\n    batch.add_column(sa.Column("note", sa.Text))',
    "pass",
)
CHAIN = [table("r00"), table("r01", "r00"), LOSSY]
CHAIN += [table(f"r{number:02}", f"r{number - 1:02}") for number in range(3, 8)]
NAMES = [each.id for each in CHAIN]


def verifier(folder: Path) -> Verifier:
    shop(folder, *CHAIN)
    return Verifier(verify_settings(settings(None, {}, (), folder), {"db-url": "sqlite://"}, folder))


def said(found: Verified) -> tuple[object, ...]:
    return found.verdict, found.passed, found.rows_verified, [each.message for each in found.failures]


def counted(monkeypatch: pytest.MonkeyPatch, each: Verifier) -> list[int]:
    """Returns a list that gets longer with each run of env.py."""
    runs: list[int] = []
    run: Callable[..., object] = each.run

    def noted(work: Callable[..., object]) -> object:
        runs.append(1)
        return run(work)

    monkeypatch.setattr(each, "run", noted)
    return runs


def test_it_pauses_where_it_is_told_in_one_run_of_env_py(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with verifier(tmp_path / "one") as each:
        whole = {found.revision: said(found) for found in each.verify(Request()).revisions}
    with verifier(tmp_path / "two") as each:
        runs = counted(monkeypatch, each)
        pieces = Pieces(each, each.plan(Request(tuple(NAMES))))
        pieces.go_on(lambda: pieces.is_settled("r01"))
        assert (len(runs), list(pieces.results)) == (1, ["r00", "r01"])
        pieces.go_to(NAMES[-1])
        assert {name: said(found) for name, found in pieces.results.items()} == whole
    assert not whole["r02"][1]


def test_a_worker_that_waits_goes_on_until_another_one_has_found_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile each revision of its own part is known to the others as soon as it is settled."""
    share = Share(tmp_path, 2)
    monkeypatch.setattr(consistency, "_STRETCH", 60.0)
    published: list[str] = []
    publish = share.publish

    def heard(found: Verified) -> None:
        publish(found)
        published.append(found.revision)
        if found.revision == "r03":  # just then the other worker has found out about r07
            publish(Verified("r07", "r07.py", None, True))

    monkeypatch.setattr(share, "publish", heard)
    with verifier(tmp_path / "project") as each, share.working(1) as mine:
        assert mine
        runs = counted(monkeypatch, each)
        shared = Consistency(each, NAMES, share)
        assert shared.result("r00").passed
        assert (published, len(runs)) == (["r00"], 1)
        assert shared.result("r07").skipped
        assert published == ["r00", "r01", "r02", "r03"]
        # The lossy one leaves a database from which nothing more is learned: env.py is run again.
        assert len(runs) <= 4
        assert share.published("r02") is not None
        assert share.published("r04") is None
