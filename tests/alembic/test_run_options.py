"""What a migration reads of its run: options of `configure`, of alembic.ini, the version table's schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint import ops
from mrt_lint.ops import Operation
from mrt_lint.project import Project
from mrt_lint.schema.names import Name
from mrt_rules_alembic.discover import discover
from tests.alembic.making import lower_file, migration

INI = "[alembic]\nscript_location = migrations\nprefix = shop_\n"


def _project(folder: Path, env: str, ini: str = INI) -> Project:
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(ini)
    (folder / "migrations" / "env.py").write_text(f"from alembic import context\n{env}\n")
    (project,) = discover([folder])
    return project


def _upgrade(project: Project, body: str) -> tuple[Operation, ...]:
    lowered = lower_file(migration(body), project=project)
    assert lowered.migration is not None
    return lowered.migration.upgrade or ()


SCHEMA = "schema = context.get_context().version_table_schema or ''\n"


@pytest.mark.parametrize(
    ("env", "schema"),
    [
        ("context.configure(version_table_schema='auth')", "auth"),
        ("SCHEMA = 'auth'\ncontext.configure(version_table_schema=SCHEMA)", "auth"),
        ("context.configure()", None),
        ("context.configure(version_table_schema=None)", None),
        ("def run(params):\n    context.configure(version_table_schema=params.get('schema'))", None),
    ],
)
def test_the_schema_of_the_version_table(env: str, schema: str | None, tmp_path: Path) -> None:
    (found,) = _upgrade(_project(tmp_path, env), SCHEMA + "op.drop_column('t', 'a', schema=schema)")
    assert isinstance(found, ops.DropColumn)
    assert found.table == Name("t", schema)


def test_a_prefix_made_of_an_absent_schema_is_empty(tmp_path: Path) -> None:
    project = _project(tmp_path, "context.configure()")
    (found,) = _upgrade(project, "op.rename_table('t', 'u', schema=''[:-1])")
    assert isinstance(found, ops.RenameTable)
    assert found.table == Name("t")


READS = [
    ("op.get_context().opts['prefix']", "context.configure(prefix='web_')", "web_t"),
    ("op.get_context().opts.get('prefix')", "context.configure(prefix='web_')", "web_t"),
    ("context.config.get_main_option('prefix')", "context.configure()", "shop_t"),
    ("context.config.get_section_option('alembic', 'prefix')", "context.configure()", "shop_t"),
    ("context.config.get_main_option('other', 'web_')", "context.configure()", "web_t"),
    ("(context.config.get_main_option('other') or '')", "context.configure()", "t"),
    ("op.get_context().config.get_main_option('prefix')", "context.configure()", "shop_t"),
]


@pytest.mark.parametrize(("read", "env", "table"), READS)
def test_an_option_is_what_the_project_sets(read: str, env: str, table: str, tmp_path: Path) -> None:
    (found,) = _upgrade(_project(tmp_path, env), f"op.drop_column({read} + 't', 'a')")
    assert isinstance(found, ops.DropColumn)
    assert found.table == Name(table)


@pytest.mark.parametrize(
    ("read", "env"),
    [
        ("context.config.get_main_option('prefix')", "context.config.set_main_option('prefix', name())"),
        ("context.config.get_section_option('other', 'prefix')", "context.configure()"),
        ("op.get_context().opts['prefix']", "def run(p):\n    context.configure(prefix=p)"),
        ("context.get_x_argument(as_dictionary=True)['prefix']", "context.configure()"),
    ],
)
def test_an_option_of_the_run_is_not_known(read: str, env: str, tmp_path: Path) -> None:
    (found,) = _upgrade(_project(tmp_path, env), f"op.drop_column({read} + 't', 'a')")
    assert isinstance(found, ops.Opaque)
