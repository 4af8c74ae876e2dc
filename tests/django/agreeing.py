"""Two States of one schema: from our reading of the migrations, and from the SQL that Django ran."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mrt_lint.lint.files import Files
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from mrt_lint.lowered import Lowered
from mrt_lint.ops import Operation
from mrt_lint.replay.scenario import explore, prepared
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State
from mrt_lint.sql import lower_sql
from mrt_rules_django.discover import discover
from tests.django.case import Case

REGISTRY = build([plugin for plugin in installed() if plugin.distribution.startswith("mrt-lint ")])
RUNNER = Path(__file__).with_name("run_django.py")


def write_project(folder: Path, cases: Sequence[Case]) -> None:
    """Writes the histories as apps of one project."""
    (folder / "manage.py").write_text("", encoding="utf-8")
    settings = 'DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\n'
    (folder / "settings.py").write_text(settings, encoding="utf-8")
    for case in cases:
        package = folder / case.name / "migrations"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("", encoding="utf-8")
        (package.parent / "__init__.py").write_text("", encoding="utf-8")
        for number in range(len(case.steps)):
            (package / f"{number + 1:04}_step.py").write_text(case.source(number), encoding="utf-8")


def run_django(folder: Path, labels: Sequence[str], database: dict[str, Any], python: str = "") -> Any:
    """Returns what SQL Django ran for each app."""
    given = json.dumps({"folder": str(folder), "labels": list(labels), "database": database})
    done = subprocess.run(
        [python or sys.executable, str(RUNNER)], input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def lowered(folder: Path, dialect: Dialect) -> tuple[Lowered, ...]:
    """Returns our reading of the project for one database."""
    (project,) = discover([folder])
    files = Files(project, REGISTRY.frontend("django"), REGISTRY.meanings)
    files.read()
    found = files.link(files.lower((dialect,), lambda what, done, total: None), (dialect,))
    assert not files.crashes, files.crashes
    return found


def applied(state: State, operations: Sequence[Operation]) -> State:
    """Returns the state after the operations."""
    outcomes, _ = explore(state, prepared(state, operations))
    return outcomes[0].state


def applied_sql(state: State, statements: Sequence[str]) -> State:
    """Returns the state after the statements."""
    for statement in statements:
        state = applied(state, lower_sql(statement, (state.dialect,), {}))
    return state


def described(state: State) -> dict[str, Any]:
    """Returns all that a state holds, in a form in which two of them can be compared line by line."""
    found: dict[str, Any] = {}
    for table in state.tables():
        found[f"table {table.name}"] = table.comment
        found |= dict(_parts(table))
    for kind in ("extension", "other", "view", "type"):
        for item in state.all(kind):
            found[f"{kind} {item.name}"] = True
    return found


def _parts(table: Table) -> Iterator[tuple[str, Any]]:
    for column in table.columns.values():
        definition = (
            str(column.type),
            column.nullable,
            column.default,
            column.identity,
            column.autoincrement,
            column.generated,
            column.comment,
        )
        yield f"{table.name}.{column.name}", definition
    for one in table.constraints:
        key = f"{table.name} {one.kind} {one.name} {one.columns} {one.expression or ''}"
        yield (
            key,
            (str(one.ref_table), one.ref_columns, one.ondelete, one.deferrable, one.initially, one.validated),
        )
    for index in table.indexes.values():
        yield (
            f"{table.name} index {index.name}",
            (index.columns, index.unique, index.method, index.where, index.include),
        )


def differences(ours: State, theirs: State) -> list[str]:
    """Returns every line in which two states differ."""
    one, other = described(ours), described(theirs)
    return [
        f"{key}: ours {one.get(key, 'absent')}, Django's {other.get(key, 'absent')}"
        for key in sorted({*one, *other})
        if one.get(key, "absent") != other.get(key, "absent")
    ]
