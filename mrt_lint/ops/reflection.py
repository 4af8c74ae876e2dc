"""A table as SQLAlchemy's reflection sees it when a batch of Alembic rebuilds it, and names it gets there.

What reflection does not see is not in the new table. Measured with Alembic 1.20 and SQLAlchemy 2.1 on
SQLite 3.40, PostgreSQL 15 and MariaDB 10.11.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mrt_lint.ops.editing import sorted_constraints
from mrt_lint.schema.names import Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

_LOST_OPTIONS = {
    "sqlite": ("autoincrement",),
    "postgresql": (
        "row_security",
        "force_row_security",
        "owner",
        "unlogged",
        "replica_identity",
        "cluster on",
        "triggers",
    ),
}
"""Options of a table that reflection does not see."""

ORDERS = ("ASC", "DESC", "NULLS", "COLLATE")
"""Words behind a column of an index that do not make it an expression."""


def reflected(state: State, table: Table) -> Table:
    """Returns the table as SQLAlchemy's reflection and Alembic's copy of it see it."""
    if state.dialect not in ("sqlite", "postgresql"):
        return table
    listed = without_twins(state, table.constraints) if state.dialect == "sqlite" else table.constraints
    constraints = tuple(seen for c in listed if (seen := _constraint(state, c)) is not None)
    looked_at = {key: _index(state, table, index) for key, index in table.indexes.items()}
    indexes = {key: index for key, index in looked_at.items() if index is not None}
    lost = {("index", key) for key in table.indexes.keys() - indexes.keys()}
    columns = {key: _column(state, column) for key, column in table.columns.items()}
    options = tuple(item for item in table.options if item[0] not in _LOST_OPTIONS[state.dialect])
    return replace(
        table,
        columns=columns,
        constraints=sorted_constraints(constraints),
        indexes=indexes,
        options=options,
        comment=None if state.dialect == "postgresql" else table.comment,
        gone=table.gone | lost,
    )


def without_twins(state: State, constraints: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    """Returns the constraints less the foreign keys that SQLAlchemy does not see on SQLite.

    It tells keys apart by columns and target alone, and of several that agree takes the first in the text of
    the table (`SQLiteDialect.get_foreign_keys`). A batch writes those with a name first; one written beside
    its column counts where there is no other.
    """
    first: dict[tuple[object, ...], Constraint] = {}
    for constraint in constraints:
        signature = _signature(state, constraint)
        if signature is not None and (
            signature not in first or _place(constraint) < _place(first[signature])
        ):
            first[signature] = constraint
    return tuple(
        constraint
        for constraint in constraints
        if (signature := _signature(state, constraint)) is None or first[signature] is constraint
    )


def stands_behind(state: State, table: Table, constraint: Constraint) -> bool:
    """Returns whether a constraint that a table gets stands behind a twin with a name in its text."""
    signature = _signature(state, constraint)
    return signature is not None and any(
        other.name is not None and _signature(state, other) == signature for other in table.constraints
    )


def _signature(state: State, constraint: Constraint) -> tuple[object, ...] | None:
    """Returns what SQLAlchemy tells a foreign key by, None for another constraint or one not fully known."""
    if constraint.kind != "foreign" or constraint.ref_table is None or not constraint.columns:
        return None
    if constraint.assumed or not constraint.sure:
        return None
    table = state.key("table", constraint.ref_table)
    columns = tuple(map(state.fold, constraint.columns))
    return table, columns, tuple(map(state.fold, constraint.ref_columns))


def _place(constraint: Constraint) -> tuple[bool, bool, bool]:
    return bool(constraint.inline), constraint.behind, constraint.name is None


def _constraint(state: State, constraint: Constraint) -> Constraint | None:
    """Returns the constraint as it is seen: SQLite's unnamed checks and PostgreSQL's exclusions are not."""
    if state.dialect == "postgresql":
        return None if constraint.kind == "exclude" else replace(constraint, validated=True)
    if constraint.kind == "check" and constraint.name is None:
        return None
    if constraint.kind == "foreign" and isinstance(constraint.inline, str) and constraint.inline:
        # Of a key beside its column, SQLAlchemy reads columns and target alone.
        return Constraint(
            "foreign",
            columns=constraint.columns,
            ref_table=constraint.ref_table,
            ref_columns=constraint.ref_columns,
            assumed=constraint.assumed,
            sure=constraint.sure,
            inline="",
        )
    if constraint.kind == "foreign" and constraint.match is not None:
        # SQLAlchemy reads the clauses of a foreign key in one order; MATCH hides those behind it.
        return replace(constraint, match=None, deferrable=False, initially=None, inline="")
    return replace(constraint, inline="")


def _index(state: State, table: Table, index: Index) -> Index | None:
    """Returns the index as it is seen: SQLite's are columns alone, one with an expression is not seen."""
    if state.dialect != "sqlite" or isinstance(index.columns, Unknown):
        return index
    plain = [_plain(state, table, text) for text in index.columns]
    if any(column is None for column in plain):
        return None
    return replace(index, columns=tuple(column for column in plain if column is not None))


def _plain(state: State, table: Table, text: str) -> str | None:
    """Returns the column that an index element is, without its order and collation; None: an expression."""
    for before in (text, *(text.partition(f" {word}")[0] for word in ORDERS)):
        if before.isidentifier() or state.fold(before.strip('"`')) in table.columns:
            return before
    return None


def _column(state: State, column: Column) -> Column:
    kind = column.type
    if state.dialect == "sqlite" and isinstance(kind, SqlType) and kind.collation is not None:
        return replace(column, type=replace(kind, collation=None))
    return column


def named(table: Table, convention: dict[str, str]) -> Table:
    """Returns the table whose unnamed constraints have the names of the batch's `naming_convention`."""
    if not convention:
        return table
    keys = {"primary": "pk", "unique": "uq", "foreign": "fk"}
    constraints = []
    for constraint in table.constraints:
        kind = None if isinstance(constraint.kind, Unknown) else keys.get(constraint.kind)
        name = None
        if constraint.name is None and kind in convention:
            name = _conventional(convention[kind or ""], table, constraint)
        constraints.append(replace(constraint, name=name) if name is not None else constraint)
    return replace(table, constraints=sorted_constraints(tuple(constraints)))


def _conventional(template: str, table: Table, constraint: Constraint) -> str | None:
    """Returns a name as `sqlalchemy.sql.naming` makes it, None for a template with other tokens."""
    tokens = {"table_name": table.name.name}
    if constraint.ref_table is not None:
        tokens["referred_table_name"] = constraint.ref_table.name
    for prefix, columns in (("", constraint.columns), ("referred_", constraint.ref_columns)):
        tokens |= {f"{prefix}column_{place}_name": column for place, column in enumerate(columns)}
        tokens |= {f"{prefix}column_{place}_key": column for place, column in enumerate(columns)}
        tokens |= {
            f"{prefix}column_{place}_label": f"{table.name.name}_{column}"
            for place, column in enumerate(columns)
        }
        tokens[f"{prefix}column_0N_name"] = "".join(columns)
        tokens[f"{prefix}column_0_N_name"] = "_".join(columns)
    try:
        return template % tokens
    except (KeyError, ValueError, TypeError):
        return None
