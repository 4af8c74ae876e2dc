"""Columns that `values()` names and the statement's table lacks: SQLAlchemy raises CompileError for them.

Tried with SQLAlchemy 1.3.24, 1.4.54, 2.0.36 and 2.1.9 ("Unconsumed column names"): of UPDATE and INSERT, of
`sa.Table` and `sa.table`, when the statement is executed; a column goes by its `key=` where it has one. What
stands in the parameters of an executed INSERT, or of `op.bulk_insert`, raises nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from mrt_lint.evaluate.call import Call
from mrt_lint.evaluate.values import Value
from mrt_lint.ops import WrongCall
from mrt_lint.phrases import listed
from mrt_rules_alembic.sqlalchemy.froms import From
from mrt_rules_alembic.sqlalchemy.schema_items import TableItem


def names_of(keys: Iterable[Value]) -> tuple[str, ...]:
    """Returns the keys of `values()` that are names: a column object may be of another table (MySQL)."""
    return tuple(str(key) for key in keys if isinstance(key, str))


def raises_for(named: Iterable[str], table: From, call: Call) -> bool:
    """Emits the call that raises where the table has no such column; returns whether nothing follows.

    An upgrade that has run shows that the table has the column after all, so that its write counts there.
    """
    if not isinstance(table, TableItem) or table.mapped or not table.complete:
        return False
    if table.metadata is not None and (table.metadata.reflected or not table.metadata.complete):
        return False  # Table("name", metadata) is then the one that the MetaData holds already.
    columns = table.columns.values()
    if any(not column.complete or not isinstance(column.key, str | None) for column in columns):
        return False
    lacking = sorted({*named} - {column.key or column.name for column in columns})
    if not lacking:
        return False
    which = (
        f"columns {listed(lacking)} of values() are" if lacking[1:] else f"column {lacking[0]} of values() is"
    )
    call.emit(WrongCall, message=f"{which} not given to the table {table.name}: SQLAlchemy raises")
    return bool(call.evaluator.facts(call)["direction"] == "downgrade")
