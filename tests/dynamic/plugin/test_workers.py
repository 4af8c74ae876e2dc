"""pytest-xdist: workers share the revisions, give the same results, and leave nothing behind."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.backends import need, server_url
from tests.dynamic.commands import shop
from tests.dynamic.plugin.conftest import Run
from tests.dynamic.plugin.conftest import run as run
from tests.dynamic.plugin.test_builtin import CONSISTENCY, databases
from tests.dynamic.projects import Migration, table

if find_spec("xdist") is None:
    pytest.skip("pytest-xdist is not installed", allow_module_level=True)

LOSSY = Migration(
    "r05",
    "r04",
    'with op.batch_alter_table("t_r02") as batch:\n    batch.add_column(sa.Column("note", sa.Text))',
    "pass",
)
REFUSED = Migration("r09", "r08", "pass", 'raise NotImplementedError("no way back")')
CHAIN = [table("r00"), *(table(f"r{number:02}", f"r{number - 1:02}") for number in range(1, 5)), LOSSY]
CHAIN += [table(f"r{number:02}", f"r{number - 1:02}") for number in range(6, 9)]
CHAIN += [REFUSED, *(table(f"r{number:02}", f"r{number - 1:02}") for number in range(10, 14))]

SPY = """
import os
from mrt_dynamic.verify import walk
from mrt_dynamic.verify.cycle import cycle

def noted(driver, step, ground):
    with open("tested.txt", "a") as file:
        file.write(f"{os.getpid()} {step.revision.id}\\n")
    return cycle(driver, step, ground)

walk.cycle = noted
"""
"""Notes which process tests which revision."""

MEETING = (
    SPY.replace("    with open", "    meet()\n    with open")
    + """
import pathlib, time

def meet():
    pathlib.Path(f"here{os.getpid()}").touch()
    end = time.monotonic() + 60
    while len(list(pathlib.Path().glob("here*"))) < 2 and time.monotonic() < end:
        time.sleep(0.01)
"""
)
"""The same, and no process goes on before the other tests a revision too, however late it started."""


def runs_of(folder: Path) -> list[tuple[str, str]]:
    lines = (folder / "tested.txt").read_text().splitlines()
    return [(process, revision) for process, _, revision in (line.partition(" ") for line in lines)]


def test_each_revision_is_tested_once_and_gives_the_same(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, *CHAIN)
    alone = run().outcomes
    failed = [name for name, outcome in alone.items() if outcome == "failed"]
    assert failed == [f"{CONSISTENCY}[r05]", "test_mrt_static_no_errors"]
    (tmp_path / "conftest.py").write_text(MEETING)
    done = run("-n", "2", plugins=("xdist.plugin",))
    assert done.outcomes == alone
    assert sorted(revision for _, revision in runs_of(tmp_path)) == sorted({each.id for each in CHAIN})
    parts: dict[str, list[str]] = {}
    for process, revision in runs_of(tmp_path):
        parts.setdefault(process, []).append(revision)
    assert len(parts) == 2
    for part in parts.values():  # each a stretch of the history, in its order
        numbers = [int(revision[1:]) for revision in part]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@pytest.mark.parametrize("mode", ["worksteal", "loadscope", "each"])
def test_every_way_to_distribute_tests(run: Run, tmp_path: Path, mode: str) -> None:
    shop(tmp_path, *CHAIN[:8])
    (tmp_path / "conftest.py").write_text(SPY)
    count = {"each": ("--tx", "2*popen")}.get(mode, ("-n", "2"))
    done = run(*count, "--dist", mode, "-k", CONSISTENCY, plugins=("xdist.plugin",))
    assert {name for name, outcome in done.outcomes.items() if outcome == "failed"} == {f"{CONSISTENCY}[r05]"}
    assert len(done.outcomes) == 8
    times = 2 if mode == "each" else 1
    assert sorted(revision for _, revision in runs_of(tmp_path)) == sorted(
        each.id for each in CHAIN[:8] for _ in range(times)
    )


def test_the_order_and_other_uses_of_the_database_cost_no_revision_twice(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, *CHAIN[:8])
    mixed = (
        "\nimport random\n\ndef pytest_collection_modifyitems(items):\n    random.Random(7).shuffle(items)\n"
    )
    (tmp_path / "conftest.py").write_text(SPY + mixed)
    (tmp_path / "test_own.py").write_text(
        "import pytest\n\n@pytest.mark.parametrize('n', range(4))\ndef test_own(mrt, n):\n    mrt.upgrade('r02')\n"
        "    assert mrt.current_revision() == 'r02'\n    assert mrt.check_revision('r03').passed\n"
    )
    for arguments in ([], ["-n", "2"]):
        done = run(*arguments, plugins=("xdist.plugin",))
        failed = {name for name, outcome in done.outcomes.items() if outcome == "failed"}
        assert failed == {f"{CONSISTENCY}[r05]", "test_mrt_static_no_errors"}, done.text
        assert len(done.outcomes) == 8 + 5 + 4
        assert sorted(revision for _, revision in runs_of(tmp_path)) == sorted(each.id for each in CHAIN[:8])
        (tmp_path / "tested.txt").unlink()


KILLED = """
import os, signal

def test_dies(mrt):
    mrt.upgrade("r02")
    print(mrt.engine.url.database)
    with open("made.txt", "a") as file:
        file.write(mrt.engine.url.database + "\\n")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_worker_leaves_nothing_behind_after_the_next_run(run: Run, tmp_path: Path) -> None:
    need("postgresql")
    url = server_url("postgresql").render_as_string(hide_password=False)
    shop(tmp_path, *CHAIN[:8], table=f'db-url = "{url}"')
    (tmp_path / "test_killed.py").write_text(KILLED)
    done = run("-n", "2", plugins=("xdist.plugin",))
    assert re.search(r"worker 'gw\d' crashed while running '.*test_killed.py::test_dies'", done.text)
    names = [f"{CONSISTENCY}[{each.id}]" for each in CHAIN[:8]]
    expected = {name: "failed" if "r05" in name else "passed" for name in names}
    assert {name: outcome for name, outcome in done.outcomes.items() if name in names} == expected
    made = set((tmp_path / "made.txt").read_text().split())
    assert made
    (tmp_path / "test_killed.py").unlink()
    run("-k", "single_head")
    assert not made & databases()


DEADLY = Migration(
    "r03",
    "r02",
    "pass",
    "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
)


def test_a_migration_that_ends_its_worker_is_named_and_the_others_are_tested(
    run: Run, tmp_path: Path
) -> None:
    shop(tmp_path, *CHAIN[:3], DEADLY, *CHAIN[4:8])
    done = run("-n", "1", "-k", CONSISTENCY, plugins=("xdist.plugin",))
    assert f"crashed while running 'mrt-lint::{CONSISTENCY}[r03]'" in done.text
    assert {name: outcome for name, outcome in done.outcomes.items() if outcome != "passed"} == {
        f"{CONSISTENCY}[r03]": "failed",
        f"{CONSISTENCY}[r05]": "failed",
    }
    assert len(done.outcomes) == 8
