"""What Alembic calls and nobody awaits does not run: really, and in what is told of it."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from mrt_lint.lint.examples import Example
from mrt_lint.ops import CreateTable, NeverRuns, Opaque
from mrt_lint.plugin import Finding
from mrt_lint.testing import run
from tests.alembic.making import lower_file
from tests.rules.linting import REGISTRY

ENV = """
from alembic import context
import sqlalchemy as sa

engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
"""
HEAD = """
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None


def anchors():
    op.create_table("anchors", sa.Column("id", sa.Integer, primary_key=True))


"""
DOWN = """

def downgrade():
    op.drop_table("anchors")
"""
UPGRADES = {
    "a coroutine": "async def upgrade():\n    anchors()\n",
    "a generator": "def upgrade():\n    yield anchors()\n",
    "a helper that is a coroutine": "async def helper():\n    anchors()\n\n\ndef upgrade():\n    helper()\n",
    "a helper that is a generator": "def helper():\n    yield anchors()\n\n\ndef upgrade():\n    helper()\n",
}
RUNNING = {
    "a plain function": "def upgrade():\n    anchors()\n",
    "a coroutine that is run": (
        "import asyncio\n\n\nasync def helper():\n    anchors()\n\n\n"
        "def upgrade():\n    asyncio.run(helper())\n"
    ),
    "a coroutine that a coroutine awaits": (
        "import asyncio\n\n\nasync def helper():\n    anchors()\n\n\nasync def all_of_it():\n"
        "    await helper()\n\n\ndef upgrade():\n    asyncio.run(all_of_it())\n"
    ),
    "a generator that is drawn": (
        "def helper():\n    yield anchors()\n\n\ndef upgrade():\n    for one in helper():\n        pass\n"
    ),
}


@pytest.mark.parametrize("upgrade", [*UPGRADES, *RUNNING])
def test_what_alembic_runs(upgrade: str, tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text(ENV)
    (tmp_path / "versions" / "a1.py").write_text(HEAD + {**UPGRADES, **RUNNING}[upgrade] + DOWN)
    url = f"sqlite:///{tmp_path / 'harbour.db'}"
    config = Config()
    config.set_main_option("script_location", str(tmp_path))
    config.set_main_option("sqlalchemy.url", url)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # "coroutine 'upgrade' was never awaited"
        command.upgrade(config, "head")
        gc.collect()
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "a1"
        assert sa.inspect(connection).has_table("anchors") is (upgrade in RUNNING)
    engine.dispose()


@pytest.mark.parametrize("upgrade", UPGRADES)
def test_what_never_runs_is_read_so(upgrade: str) -> None:
    migration = lower_file(HEAD + UPGRADES[upgrade] + DOWN).migration
    assert migration is not None
    assert [type(one) for one in migration.upgrade or ()] == [NeverRuns]


@pytest.mark.parametrize("upgrade", RUNNING)
def test_what_runs_is_read_so(upgrade: str) -> None:
    migration = lower_file(HEAD + RUNNING[upgrade] + DOWN).migration
    assert migration is not None
    kinds = {type(one) for one in migration.upgrade or ()}
    assert NeverRuns not in kinds
    assert kinds & {CreateTable, Opaque}


def _told(text: str) -> list[Finding]:
    return list(run(Example((("a1.py", text),), database="postgresql"), REGISTRY).findings)


def test_it_is_told() -> None:
    told = _told(HEAD + UPGRADES["a coroutine"] + DOWN)
    assert [(one.rule, one.span.line) for one in told if one.rule in ("MRT807", "MRT806")] == [
        ("MRT807", 13),
        ("MRT806", 18),
    ]
    assert "upgrade() is `async def` and never awaited: nothing of it runs" in told[0].message
    down = DOWN.replace("def downgrade", "async def downgrade")
    told = _told(HEAD + RUNNING["a plain function"] + down)
    (noop,) = [one for one in told if one.rule == "MRT102"]
    assert noop.message.startswith(
        "downgrade does nothing: downgrade() is `async def` and never awaited, and"
    )
    told = _told(HEAD + UPGRADES["a coroutine"] + down)
    assert [one.rule for one in told] == ["MRT807"]
