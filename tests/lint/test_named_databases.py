"""A database's name counts where it is spoken of, not where it is data."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from mrt_lint.lint.named_databases import mentioned
from mrt_lint.plugin import migration
from mrt_lint.source.source import Source
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

NAMED = {
    "compared": "def f(name):\n    return name == 'mssql'",
    "one of several": "def f(name):\n    return name in ('sqlite', 'mssql')",
    "a case": "match name:\n    case 'mssql':\n        pass",
    "the beginning of a URL": "x = address.startswith('mssql+pyodbc')",
    "a scheme": "def connect(url='mssql://here'): ...",
    "a key beside a dialect": "TYPES = {'mssql': 1}\ny = TYPES[bind.dialect.name]",
    "a variant": "t = T().with_variant(U(), 'mssql')",
    "an option": "f(mssql_include=['a'])",
    "an import": "from sqlalchemy.dialects import mssql",
    "the module of one": "import sqlalchemy.dialects.mssql.base",
    "a helper's name": "if is_mssql(bind):\n    pass",
    "another word for it": "def f(name):\n    return name == 'sqlserver'",
    "a comment": "x = 1  # MSSQL has no such thing",
    "a docstring": 'def f():\n    """Not on MSSQL."""',
    "a file that cannot be parsed": "print 'mssql'",
}
DATA = {
    "a key": "facts = {'mssql': {'version': 1}}",
    "a key that is asked for": "x = facts['mssql']",
    "an element": "KINDS = ['ansible', 'mssql', 'sap']",
    "a key in SQL": "op.execute(\"SELECT facts ->> 'mssql' FROM hosts\")",
    "a longer text": "def f(a):\n    return a == 'the mssql service'",
    "a part of a word": "create_index('idx_mssql', 'hosts')",
}


def source(text: str) -> Source:
    """Returns a file that holds this text."""
    return Source(Path("a.py"), text.encode())


@pytest.mark.parametrize("text", NAMED.values(), ids=NAMED.keys())
def test_what_names_a_database(text: str) -> None:
    assert "mssql" in mentioned([source("x = 1"), source(text)])


@pytest.mark.parametrize("text", DATA.values(), ids=DATA.keys())
def test_what_is_data(text: str) -> None:
    assert mentioned([source(text)]) == set()


def test_looking_for_names_warns_of_nothing_and_reads_no_file_twice() -> None:
    """Python warns of a backslash that escapes nothing (3.12: for all to see) whenever it parses the file."""
    found = source("def f(name):\n    return name == 'mssql', '\\d'")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mentioned([found]) == {"mssql"}
    assert "ast" in vars(found)


def test_a_key_in_data_is_no_target() -> None:
    """The index reads otherwise on SQL Server, where nobody runs it."""
    index = """sa.text("(facts ->> 'mssql')")"""
    upgrade = (
        f'op.create_index("ix_mssql", "parts", [{index}], postgresql_where=sa.text("facts IS NOT NULL"))'
    )
    example = migration(upgrade, 'op.drop_index("ix_mssql", "parts")')
    assert run(example, REGISTRY).guessed == ("postgresql", "mysql")
