"""What the readers of the single databases share: types, referential actions, canonical texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import canonical_default, canonical_text, type_from_sql

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Facts = tuple[tuple[str, str], ...]
"""Parts of a definition, sorted by what they are called."""

OF = " of "
"""Between a fact and the part of a table that it is about: `storage of column notes`."""


@contextmanager
def left_alone(connection: Connection) -> Iterator[None]:
    """Lets queries run: a transaction that was open stays open, one that they begin ends with them."""
    own = not connection.in_transaction()
    try:
        yield
    finally:
        if own:
            connection.rollback()


@lru_cache(maxsize=2048)
def read_type(text: str, dialect: Dialect) -> SqlType:
    """Returns the type that the database spells so; one that is not understood goes by its spelling."""
    return type_from_sql(text, dialect) or SqlType(" ".join(text.lower().split()))


def action(text: str | None) -> str | None:
    """Returns a referential action; NO ACTION is what is meant when nothing is written."""
    return None if not text or text == "NO ACTION" else text


def facts(pairs: Iterable[tuple[str, object]]) -> Facts:
    """Returns the facts that say something: those with a value that is neither None nor False."""
    return tuple(
        sorted((name, str(value)) for name, value in pairs if value is not None and value is not False)
    )


Types = tuple[tuple[str, SqlType], ...]
"""The columns that an expression may name, with their types."""


@lru_cache(maxsize=8192)
def text_of(sql: str, dialect: Dialect, types: Types = ()) -> str:
    """Returns an expression or query in canonical spelling; the same text is read once only."""
    return canonical_text(sql, dialect, dict(types) or None)


@lru_cache(maxsize=8192)
def default_of(sql: str, dialect: Dialect, column: SqlType) -> str:
    """Returns a default in canonical spelling; the same text is read once only."""
    return canonical_default(sql, dialect, column)
