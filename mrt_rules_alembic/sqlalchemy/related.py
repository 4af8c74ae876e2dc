"""Tables that an object of a mapped class leads to: through its relationships that the code names.

A relationship joins tables along a foreign key of one of them (SQLAlchemy, "Relationship Configuration"); of
which one it is, its arguments say in too many ways to be read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mrt_rules_alembic.sqlalchemy.schema_items import ColumnItem, TableItem

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call
    from mrt_lint.schema.names import Name
    from mrt_rules_alembic.sqlalchemy.orm import MappedClass


def related(cls: MappedClass, call: Call) -> tuple[Name, ...]:
    """Returns the tables other than its own whose rows the file may write through objects of a class."""
    found = [cls.table.name]
    known = {table.name: table for table in (cls.table.metadata.tables if cls.table.metadata else ())}
    for name in found:
        table = cls.table if name == cls.table.name else known.get(name)
        relations = cls.relations if table is cls.table else table.relations if table is not None else ()
        if table is None or not any(_named(relation, call) for relation in relations):
            continue
        linked = list(_referred(table))
        linked += [other.name for other in known.values() if name in _referred(other)]
        found.extend(dict.fromkeys(other for other in linked if other not in found))
    return tuple(found[1:])


def _named(relation: str, call: Call) -> bool:
    """Returns whether the file takes an attribute of this name of anything."""
    ends = " .,:;=()[]{}\n"
    return not relation.startswith("__") and any(call.evaluator.mentions(f".{relation}{end}") for end in ends)


def _referred(table: TableItem) -> Iterator[Name]:
    """Yields the tables that the foreign keys of a table refer to."""
    for column in table.columns.values():
        keys = column.foreign_keys if isinstance(column, ColumnItem) else ()
        yield from (key.table for key in keys if key.table is not None)
    yield from (key.ref_table for key in table.constraints if key.ref_table is not None)
