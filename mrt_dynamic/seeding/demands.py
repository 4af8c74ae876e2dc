"""What a table asks of its rows beside their types: conditions, keys, exclusions."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from mrt_dynamic.seeding.comparing import UNSURE, compare
from mrt_dynamic.seeding.conditions import Node, Ref, columns_of
from mrt_dynamic.seeding.evaluation import evaluate, met, satisfied
from mrt_dynamic.seeding.hints import Hint, hints_of
from mrt_lint.schema.dialects import Dialect

Row = Mapping[str, Any]


class Demand(ABC):
    """One demand. `columns`: folded names of those that it looks at."""

    columns: tuple[str, ...] = ()

    @property
    def hints(self) -> Mapping[str, Sequence[Hint]]:
        """Returns what it says of single columns: values to try."""
        return {}

    @abstractmethod
    def holds(self, row: Row) -> bool | None:
        """Returns whether the row may go in beside those taken so far; None if only the database can tell."""

    def take(self, row: Row) -> None:  # noqa: B027
        """Remembers a row that went in."""


class Condition(Demand):
    """A CHECK (`where` False: NULL lets in) or a WHERE that the row is to meet."""

    def __init__(self, node: Node, where: bool = False) -> None:
        self.node = node
        self.where = where
        self.columns = columns_of(node)

    @cached_property
    def hints(self) -> Mapping[str, Sequence[Hint]]:
        """Returns its constants, lengths and patterns."""
        return hints_of([self.node])

    def holds(self, row: Row) -> bool | None:
        """Returns whether the row satisfies it."""
        return met(self.node, row) if self.where else satisfied(self.node, row)


class Missed(Demand):
    """A WHERE that the row is not to meet."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.columns = columns_of(node)

    @cached_property
    def hints(self) -> Mapping[str, Sequence[Hint]]:
        """Returns its constants, lengths and patterns."""
        return hints_of([self.node])

    def holds(self, row: Row) -> bool | None:
        """Returns whether the row escapes it."""
        found = met(self.node, row)
        return None if found is None else not found


class Unique(Demand):
    """A key: of columns or expressions, perhaps partial."""

    def __init__(
        self,
        parts: Sequence[Node],
        where: Node | None,
        nulls_equal: bool,
        normal: Callable[[Any], Any],
    ) -> None:
        self.parts = tuple(parts)
        self.where = where
        self.nulls_equal = nulls_equal
        self.normal = normal
        found = [name for part in (*parts, *([where] if where else [])) for name in columns_of(part)]
        self.columns = tuple(dict.fromkeys(found))
        self.seen: set[tuple[Any, ...]] = set()

    def _key(self, row: Row) -> tuple[Any, ...] | None:
        """Returns what must not come twice; None if this row's does not count or is made by the database."""
        if self.where is not None and met(self.where, row) is False:
            return None
        values = tuple(evaluate(part, row) for part in self.parts)
        if UNSURE in values or (None in values and not self.nulls_equal):
            return None
        return tuple(self.normal(value) for value in values)

    def holds(self, row: Row) -> bool | None:
        """Returns whether no row before has the same key."""
        key = self._key(row)
        return key is None or key not in self.seen

    def take(self, row: Row) -> None:
        """Remembers the row's key."""
        key = self._key(row)
        if key is not None:
            self.seen.add(key)


class Exclusion(Demand):
    """An exclusion constraint whose operators are `=`, `<>` and `&&` of ranges."""

    def __init__(self, elements: Sequence[tuple[Node, str]], where: Node | None) -> None:
        self.elements = tuple(elements)
        self.where = where
        self.columns = tuple(dict.fromkeys(name for node, _ in elements for name in columns_of(node)))
        self.taken: list[tuple[Any, ...]] = []

    def _values(self, row: Row) -> tuple[Any, ...]:
        return tuple(evaluate(node, row) for node, _ in self.elements)

    def holds(self, row: Row) -> bool | None:
        """Returns whether it conflicts with no row before; an end before its start is none at all."""
        if self.where is not None and met(self.where, row) is False:
            return True
        values = self._values(row)
        if any(
            value is UNSURE and None not in _needed(node, row)
            for value, (node, _) in zip(values, self.elements, strict=True)
            if not isinstance(node, Ref)
        ):
            return False
        return not any(self._conflict(values, other) for other in self.taken)

    def _conflict(self, values: Sequence[Any], others: Sequence[Any]) -> bool:
        for (_, operator), value, other in zip(self.elements, values, others, strict=True):
            if value is None or other is None or not _clash(operator, value, other):
                return False
        return True

    def take(self, row: Row) -> None:
        """Remembers the row."""
        self.taken.append(self._values(row))


def _needed(node: Node, row: Row) -> list[Any]:
    return [row.get(name) for name in columns_of(node)]


def _clash(operator: str, value: Any, other: Any) -> bool:
    if operator == "=":
        return bool(value == other)
    if operator == "<>":
        return bool(value != other)
    if isinstance(value, tuple) and isinstance(other, tuple):
        return compare(value[0], other[1]) < 0 and compare(other[0], value[1]) < 0
    return bool(value == other)


class Member(Demand):
    """A foreign key: the referenced columns must be there, unless one of them is NULL."""

    def __init__(self, columns: tuple[str, ...], known: Callable[[], Collection[tuple[Any, ...]]]) -> None:
        self.columns = columns
        self.known = known

    def holds(self, row: Row) -> bool | None:
        """Returns whether the row's parent is there."""
        values = tuple(row.get(name, UNSURE) for name in self.columns)
        if None in values:
            return True
        return None if UNSURE in values else values in self.known()


class NotNull(Demand):
    """Columns that must not be NULL though the column as it is admits it (a later schema does not)."""

    def __init__(self, column: str) -> None:
        self.columns = (column,)

    def holds(self, row: Row) -> bool | None:
        """Returns whether there is a value."""
        return row.get(self.columns[0], UNSURE) is not None


def normal_for(dialect: Dialect, blind: bool = False) -> Callable[[Any], Any]:
    """Returns how values of a key compare: MySQL's usual collations see neither case nor accents.

    `blind`: the columns are of a type that does not see case (citext).
    """
    careless = dialect in ("mysql", "mariadb")

    def normal(value: Any) -> Any:
        if isinstance(value, Decimal):
            return value.normalize() if value.is_finite() else str(value)
        if isinstance(value, str):
            if careless:
                return _careless(value)
            value = value.rstrip(" ") if dialect in ("postgresql", "mssql") else value
            return value.lower() if blind or dialect == "mssql" else value
        return value

    return normal


def _careless(text: str) -> str:
    """Returns a text as MySQL's general collations see it: all characters beyond the basic plane are one."""
    plain = "".join(
        "\ufffd" if ord(sign) > 0xFFFF else sign
        for sign in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(sign)
    )
    return plain.casefold().rstrip(" ")
