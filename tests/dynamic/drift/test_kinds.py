"""`mrt-lint drift` tells every kind of difference on every database that can hold it, and nothing else."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from mrt_dynamic.drift.run import metadata_of, migrated
from mrt_dynamic.verify.run import Verifier
from mrt_dynamic.verify.settings import verify_settings
from mrt_lint.config.settings import settings
from tests.backends import DATABASES, need, server_url
from tests.dynamic.drift.kinds import CASES, Case
from tests.dynamic.projects import Migration, write

OTHER = {"sqlite": "NOCASE", "postgresql": "C", "mariadb": "utf8mb4_bin"}
HEAD = """\
import sqlalchemy as sa
from sqlalchemy.dialects import mysql as my
from sqlalchemy.dialects import postgresql as pg

OTHER = {other!r}
metadata = sa.MetaData()
sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("k", sa.Integer, unique=True))
sa.Table({side!r}, metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
KEY = 'sa.Column("id", sa.Integer, primary_key=True)'


def source(database: str, side: str) -> str:
    """Returns the module with the tables of all cases as one side has them."""
    lines = [HEAD.format(other=OTHER[database], side=f"only_{side}")]
    for case in CASES:
        if database in case.runs:
            more = getattr(case, side)
            lines.append(f'sa.Table("t_{case.name}", metadata, {KEY}{", " + more if more else ""})')
    return "\n".join(lines) + "\n"


def told(database: str, folder: Path) -> list[str]:
    """Returns what is told of all cases at once, since each comparison costs two schemas."""
    up = f"from drift_{database} import metadata\nmetadata.create_all(op.get_bind())"
    files = {
        f"drift_{database}.py": source(database, "database"),
        f"drifted_{database}.py": source(database, "models"),
    }
    write(folder, [Migration("a1", None, up, "pass")], files=files)
    url = "sqlite://" if database == "sqlite" else server_url(database).render_as_string(hide_password=False)
    verifier = Verifier(verify_settings(settings(None, {}, (), folder), {"db-url": url}, folder))
    metadata = metadata_of(f"drifted_{database}:metadata", verifier.project)
    with verifier:
        compared = migrated(verifier, metadata)
    for name in files:
        sys.modules.pop(Path(name).stem, None)
    assert compared.notes == ()
    return [each.message for each in compared.found]


@pytest.mark.parametrize("database", DATABASES)
def test_every_kind_is_told_where_it_can_be_and_nothing_else(tmp_path: Path, database: str) -> None:
    need(database)
    messages = told(database, tmp_path)
    wrong = {case.name: found for case in CASES if (found := unlike(case, database, messages)) is not None}
    assert wrong == {}
    rest = [message for message in messages if not re.search(r"\b[te]_\w+", message)]
    assert sorted(rest) == [
        "table only_database is in the database, not in the models",
        "table only_models is in the models, not in the database",
    ]


def unlike(case: Case, database: str, messages: list[str]) -> list[str] | None:
    """Returns what is told of a case if it is not what must be told, else None."""
    own = re.compile(rf"\b(t_{case.name}|e_{case.name.removeprefix('enum_')})\b")
    found = [message for message in messages if own.search(message)]
    wanted = [re.compile(re.sub(r"\bT\b", f"t_{case.name}", each)) for each in case.said]
    if database not in case.on:
        return found or None
    right = all(any(pattern.fullmatch(message) for message in found) for pattern in wanted)
    return None if right and len(found) == len(wanted) else found


def test_there_are_enough_kinds_on_every_database() -> None:
    for database in DATABASES:
        assert sum(database in case.on for case in CASES) >= 15
