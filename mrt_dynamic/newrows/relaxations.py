"""What an upgrade relaxes: every way in which the new schema admits rows that the old one refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.newrows.wider import wider_values
from mrt_dynamic.snapshot.touched import other_tables
from mrt_lint.ops.enums import users
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import EnumType

if TYPE_CHECKING:
    from mrt_lint.schema.objects import AnyObject, Column, Table
    from mrt_lint.schema.state import State
    from mrt_lint.schema.types import SqlType

_PLAIN: Final = "find a value for rows written since the upgrade too, and keep them"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One kind of row that is new. `what`: the row in words, "a row with NULL in age".

    `values`: what its columns hold, as Python values; the others get what the schema asks for.
    `twin`: columns in which it equals a row that is there already. `orphan`: columns that refer to
    nothing. `violates`, `meets`: conditions that it does not meet and that it meets. `part`: the column
    or constraint of the old schema that refuses it, in words; None for a row that both schemas admit.
    `remedy`: what the downgrade would have to do with such rows, as an order.
    """

    table: Name
    what: str
    remedy: str
    part: str | None = None
    column: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    twin: tuple[str, ...] = ()
    orphan: tuple[str, ...] = ()
    violates: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Returns whether it is a row like any other."""
        return not (self.part or self.values or self.twin or self.orphan or self.violates)


def relaxations(before: State, after: State) -> Iterator[Relaxation]:
    """Yields the relaxations between two schemas of one database, parents' tables first.

    Of every table that the upgrade touched a plain row comes first: the new code writes such rows, and
    a downgrade that fills a column from what it kept aside has nothing for them.
    """
    from mrt_dynamic.newrows.constraints import relaxed_constraints, relaxed_indexes

    touched = {table.name for _, _, table in other_tables(before, after) if table is not None}
    tables = [table for table in _parents_first(after, touched) if not table.temporary]
    for table in tables:
        # A new table without any key is what a migration keeps things aside in; no other code writes it.
        if before.table(table.name) is not None or _keyed(table):
            yield Relaxation(table.name, "a new row", _PLAIN)
    for table in tables:
        old = before.table(table.name)
        if old is None:
            continue
        for key, column in table.columns.items():
            if key in old.columns:
                yield from _columns(before, after, table, old.columns[key], column)
            elif column.generated is None and column.nullable is True:
                yield _null(table, column, None)
        yield from relaxed_constraints(before, after, old, table)
        yield from relaxed_indexes(after, old, table)
    for kind in before.all("type"):
        yield from _labels(after, kind)
        yield from _domain(after, kind)


def _keyed(table: Table) -> bool:
    return any(constraint.kind in ("primary", "unique", "foreign") for constraint in table.constraints)


def _parents_first(state: State, names: Collection[Name]) -> list[Table]:
    """Returns these tables by name, each behind those that it refers to, be it through others."""
    found: dict[Name, Table] = {}
    open_: set[Name] = set()

    def add(table: Table) -> None:
        if table.name in found or table.name in open_:
            return
        open_.add(table.name)
        for constraint in table.constraints:
            if constraint.kind == "foreign" and constraint.ref_table is not None:
                parent = state.table(constraint.ref_table)
                if parent is not None:
                    add(parent)
        found[table.name] = table

    for name in sorted(names, key=str):
        table = state.table(name)
        if table is not None:
            add(table)
    return [table for table in found.values() if table.name in names]


def _null(table: Table, column: Column, part: str | None) -> Relaxation:
    remedy = f"give rows with NULL in {column.name} a value, or delete them"
    if part is not None:
        remedy += ", before it makes the column NOT NULL again"
    what = f"a row with NULL in {column.name}"
    return Relaxation(table.name, what, remedy, part, column.name, {column.name: None})


def _columns(before: State, after: State, table: Table, old: Column, new: Column) -> Iterator[Relaxation]:
    if new.generated is not None:
        return
    if old.nullable is False and new.nullable is True:
        yield _null(table, new, f"{new.name} NOT NULL")
    if old.type != new.type and old.generated is None:
        was, now = _labelled(before, old.type), _labelled(after, new.type)
        for value, what in wider_values(was, now, after.dialect):
            remedy = f"change values of {new.name} that {old.type} does not hold, or delete their rows"
            remedy += ", before it makes the type narrow again"
            what = f"a row with {what} in {new.name}"
            yield Relaxation(table.name, what, remedy, f"{new.name} {old.type}", new.name, {new.name: value})


def _labelled(state: State, kind: SqlType | Unknown) -> SqlType | Unknown:
    """Returns an enum type that has a name with its labels."""
    if isinstance(kind, Unknown) or kind.labels or kind.element is not None:
        return kind
    enum = state.enum(Name(kind.name, kind.schema))
    if enum is None or isinstance(enum.labels, Unknown):
        return kind
    return replace(kind, labels=enum.labels)


def _labels(after: State, enum: AnyObject) -> Iterator[Relaxation]:
    """Yields a row for each label that an enum type got, in every column of that type."""
    now = after.enum(enum.name)
    if not isinstance(enum, EnumType) or now is None:
        return
    if isinstance(enum.labels, Unknown) or isinstance(now.labels, Unknown):
        return
    added = [label for label in now.labels if label not in enum.labels]
    for table, column in _columns_of(after, now.name) if added else ():
        for label in added:
            what = f"a row with {label!r} in {column.name}"
            remedy = f"give rows with {label!r} in {column.name} another label, or delete them"
            remedy += f", before it takes the label from {enum.name}"
            yield Relaxation(table.name, what, remedy, f"type {enum.name}", column.name, {column.name: label})


def _columns_of(state: State, kind: Name) -> Iterator[tuple[Table, Column]]:
    """Yields the columns of a named type that can be written, with their tables."""
    for name, own in users(state, kind):
        table, column = state.table(name), state.column(name, own)
        if table is not None and column is not None and column.generated is None:
            yield table, column


def _domain(after: State, old: AnyObject) -> Iterator[Relaxation]:
    """Yields rows that a domain of PostgreSQL refused before it was loosened."""
    from mrt_dynamic.newrows.domains import admitted

    new = after.get("type", old.name)
    if new is None or new is old:
        return
    for condition, what in admitted(old, new):
        for table, column in _columns_of(after, old.name):
            if condition is None and column.nullable is True:
                yield replace(_null(table, column, None), part=f"domain {old.name} NOT NULL")
            elif condition is not None:
                own = condition.replace("VALUE", f'"{column.name}"')
                remedy = f"change or delete rows whose {column.name} does not meet {what}"
                yield Relaxation(
                    table.name,
                    f"a row whose {column.name} does not meet {what}",
                    remedy,
                    f"domain {old.name}",
                    column.name,
                    violates=(own,),
                )
