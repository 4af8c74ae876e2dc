"""One SQL statement on its way to operations: its reader, its facts, and how its handler is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, Final

from sqlglot.tokenizer_core import Token

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import ALWAYS, Guard, Predicate, Test, both
from mrt_lint.ops.span import NOWHERE
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.tokens import TokenReader


@dataclass
class Statement:
    """One statement; `reader` stands behind the words that chose the handler.

    `modifiers`: what stood between CREATE and the kind of object (OR REPLACE, TEMPORARY, UNIQUE, ...).
    `counter` numbers conditions met in the text, so that each gets an id of its own. `lower` lowers a
    statement that stands inside this one (a DO block, IF).
    """

    reader: TokenReader
    facts: Mapping[str, Any]
    modifiers: frozenset[str] = frozenset()
    counter: list[int] = field(default_factory=lambda: [0])
    lower: LowerTokens | None = None

    @property
    def dialect(self) -> Dialect:
        """Returns the database whose language it is read in."""
        return self.reader.dialect

    def make(self, operation: Callable[..., Operation], **fields: Any) -> Operation:
        """Returns `operation(**fields)` with the facts of the statement."""
        return operation(**{**self.facts, "sql": True, **fields})

    def inside(self, tokens: list[Token], source: str, guard: Guard) -> list[Operation]:
        """Returns the operations of a statement inside this one, which runs under `guard` too."""
        if not tokens or self.lower is None:
            return []
        return list(self.lower(tokens, self.dialect, source, self.under(guard), self.counter))

    def under(self, guard: Guard) -> dict[str, Any]:
        """Returns the facts with `guard` added."""
        return {**self.facts, "guard": both(self.facts.get("guard", ALWAYS), guard)}

    def test(self, predicate: Predicate) -> Test:
        """Returns a test with an id of its own: place in the file, number within the text."""
        self.counter[0] += 1
        span = self.facts.get("span", NOWHERE)
        return Test(predicate, f"sql:{span.line}:{span.column}:{self.counter[0]}", span.line)

    def opaque(self, reason: str, tables: tuple[Name, ...] | None = None) -> NotUnderstoodError:
        """Returns the error for a statement that is read but has no operation."""
        return NotUnderstoodError(reason, tables)


LowerTokens = Callable[
    [list[Token], Dialect, str, Mapping[str, Any], list[int]],
    tuple[Operation, ...],
]
Handler = Callable[[Statement], Iterable[Operation]]
Handlers = Mapping[str, Handler]
"""From the words a statement starts with to what lowers it; modifiers of CREATE are left out of the words."""

_MODIFIERS: Final = (
    "OR REPLACE",
    "OR ALTER",
    "GLOBAL",
    "LOCAL",
    "PRIVATE",
    "TEMPORARY",
    "TEMP",
    "UNLOGGED",
    "UNIQUE",
    "BITMAP",
    "FULLTEXT",
    "SPATIAL",
    "CLUSTERED",
    "NONCLUSTERED",
    "COLUMNSTORE",
    "MATERIALIZED",
    "RECURSIVE",
    "VIRTUAL",
    "CONSTRAINT",
    "NO FORCE",
    "FORCE",
    "EDITIONABLE",
    "NONEDITIONABLE",
    "TRUSTED",
    "PROCEDURAL",
    "PUBLIC",
    "AGGREGATE",
)


def find_handler(statement: Statement, handlers: Handlers) -> Handler:
    """Returns the handler for the words that the statement starts with, and moves past them.

    Raises NotUnderstoodError when there is none.
    """
    reader = statement.reader
    start = reader.position
    if reader.take("CREATE"):
        statement.modifiers = _modifiers(reader)
        return _longest(reader, handlers, "CREATE ", start)
    return _longest(reader, handlers, "", start)


def _modifiers(reader: TokenReader) -> frozenset[str]:
    found: set[str] = set()
    while True:
        if reader.at("AGGREGATE") and not reader.at("AGGREGATE FUNCTION"):
            return frozenset(found)
        phrase = reader.take(*_MODIFIERS)
        if phrase:
            found.add(phrase)
        elif reader.take("ALGORITHM =", "ALGORITHM") or reader.take("SQL SECURITY"):
            reader.next()
        elif reader.take("DEFINER ="):
            reader.next()
            if reader.take("@"):
                reader.next()
            elif reader.at("("):
                reader.parens()
        else:
            return frozenset(found)


def _longest(reader: TokenReader, handlers: Handlers, prefix: str, start: int) -> Handler:
    words: list[str] = []
    found: tuple[int, Handler] | None = None
    for ahead in range(4):
        item = reader.peek(ahead)
        if item is None or not item.upper:
            break
        words.append(item.upper)
        handler = handlers.get(prefix + " ".join(words))
        if handler is not None:
            found = (ahead + 1, handler)
    if found is None:
        reader.position = start
        raise NotUnderstoodError("a statement that is not known")
    reader.position += found[0]
    return found[1]
