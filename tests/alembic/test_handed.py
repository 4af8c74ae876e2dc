"""What env.py hands to `upgrade` and `downgrade` by keyword: `context.run_migrations(stock=metadata.tables)`."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint import ops
from mrt_lint.ops import Opaque, Operation
from mrt_lint.schema.names import Name
from mrt_rules_alembic.discover import discover
from tests.alembic.making import lower_file

INI = "[alembic]\nscript_location = clinic/migrations\nprepend_sys_path = .\n"

SHELF = """
class Shelf(dict):
    '''Its items are attributes too.'''

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__ = self


class Looking(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


class Renaming(dict):
    def __getattr__(self, name):
        return self[name.upper()]


class Counting(dict):
    def __init__(self, *args):
        super().__init__(*args)
        self.__dict__ = self
        self.clear()
"""

FILLERS = """
from abc import ABC, ABCMeta, abstractmethod
from alembic import op
from six import add_metaclass


def idle(cls):
    def nothing(*args, **kwargs):
        pass

    return type(cls.__name__, (cls,), {name: nothing for name in cls.__abstractmethods__})


@add_metaclass(ABCMeta)
class Filler:
    @abstractmethod
    def fill(self, table): ...

    def name(self):
        return "filler"


class Filling(Filler):
    def fill(self, table):
        op.execute(f"DELETE FROM {table}")


@idle
class Idle(Filler):
    pass


@idle
class HalfIdle(Filling):
    pass
"""

MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
"""

MIGRATION = """
import sqlalchemy as sa

revision = "r1"
down_revision = None


def upgrade(op, {names}):
    {body}


def downgrade(op, {names}):
    pass
"""


def upgraded(folder: Path, env: str, body: str, names: str) -> list[Operation]:
    """Returns the operations of an upgrade that takes these names from env.py."""
    package = folder / "clinic"
    (package / "migrations" / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI)
    for name, text in {"shelf": SHELF, "fillers": FILLERS, "models": MODELS, "__init__": ""}.items():
        (package / f"{name}.py").write_text(text)
    (package / "migrations" / "env.py").write_text(f"from alembic import context, op as ops\n{env}\n")
    (project,) = discover([folder])
    lowered = lower_file(MIGRATION.format(body=body, names=names), project=project)
    assert lowered.migration is not None
    return [one for one in lowered.migration.upgrade or () if one.has_effect]


def run(given: str, before: str = "", calls: int = 1) -> str:
    """Returns an env.py that hands this over, as many times."""
    return f"{before}\n" + f"context.run_migrations(op=ops, {given})\n" * calls


TABLES = "from clinic.models import metadata"
INSERT = 'op.bulk_insert(stock.pills, [{"name": "x"}])'


@pytest.mark.parametrize(
    "given",
    [
        "stock=metadata.tables",
        "stock=Shelf(metadata.tables)",
        "stock=Looking(metadata.tables)",
    ],
)
def test_the_tables_of_a_metadata(given: str, tmp_path: Path) -> None:
    env = run(given, f"{TABLES}\nfrom clinic.shelf import Looking, Shelf")
    body = INSERT.replace("stock.pills", 'stock["pills"]') if "(" not in given else INSERT
    (found,) = upgraded(tmp_path, env, body, "stock")
    assert isinstance(found, ops.Insert)
    assert found.table == Name("pills")


def test_a_delete_through_them(tmp_path: Path) -> None:
    env = run("stock=Shelf(metadata.tables)", f"{TABLES}\nfrom clinic.shelf import Shelf", calls=2)
    body = 'op.execute(stock.pills.delete().where(stock.pills.c.name == "x"))'
    (found,) = upgraded(tmp_path, env, body, "stock")
    assert isinstance(found, ops.Delete)
    assert found.table == Name("pills")


@pytest.mark.parametrize(
    "env",
    [
        "def start():\n    stock = object()\n    context.run_migrations(op=ops, stock=stock)",
        f"{TABLES}\nstock = metadata.tables\ndef start(stock):\n    context.run_migrations(op=ops, stock=stock)",
        run("stock=metadata.tables", TABLES) + "context.run_migrations(op=ops, stock=None)",
        run("stock=metadata.tables", TABLES) + "context.run_migrations(op=ops)",
        f"{TABLES}\nstock = metadata.tables\ndef go():\n    global stock\n    stock = 1\n"
        + run("stock=stock"),
        run("**given"),
        run("stock=Renaming(metadata.tables)", f"{TABLES}\nfrom clinic.shelf import Renaming"),
        run("stock=Counting(metadata.tables)", f"{TABLES}\nfrom clinic.shelf import Counting"),
        run("stock=open('stock')"),
    ],
)
def test_what_is_not_one_known_thing_stays_unknown(env: str, tmp_path: Path) -> None:
    found = upgraded(tmp_path, env, INSERT, "stock")
    assert [one for one in found if isinstance(one, Opaque)]


def test_what_a_dict_has_of_its_own_is_no_table(tmp_path: Path) -> None:
    env = run("stock=Shelf(metadata.tables)", f"{TABLES}\nfrom clinic.shelf import Shelf")
    found = upgraded(tmp_path, env, "op.execute(stock.items.delete())", "stock")
    assert [one for one in found if isinstance(one, Opaque)]


FILL = 'filler.fill("pills")'


def test_a_class_of_the_project_does_what_it_does(tmp_path: Path) -> None:
    env = run("filler=Filling()", "from clinic.fillers import Filling")
    (found,) = upgraded(tmp_path, env, FILL, "filler")
    assert isinstance(found, ops.Delete)


def test_a_decorator_that_fills_in_what_is_abstract(tmp_path: Path) -> None:
    env = run("filler=Idle()", "from clinic.fillers import Idle")
    assert upgraded(tmp_path, env, f"{FILL}\n    filler.name()", "filler") == []


def test_what_is_not_abstract_any_more_is_kept(tmp_path: Path) -> None:
    env = run("filler=HalfIdle()", "from clinic.fillers import HalfIdle")
    (found,) = upgraded(tmp_path, env, FILL, "filler")
    assert isinstance(found, ops.Delete)


def test_a_choice_by_the_environment_stays_a_condition(tmp_path: Path) -> None:
    before = """
import os
from clinic.fillers import Filling, Idle

def chosen():
    if os.environ.get("FILL"):
        return Filling()
    return Idle()
"""
    (found,) = upgraded(tmp_path, run("filler=chosen()", before), FILL, "filler")
    assert isinstance(found, ops.Delete)
    assert "FILL" in str(found.guard)
