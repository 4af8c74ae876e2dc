"""Names of constraints that a database gives to one table only.

MySQL manual 15.1.20.5 and 15.1.20.6: the names of foreign keys, and those of CHECKs, are each unique in a
database (error 1826). MariaDB names CHECKs by table; a second foreign key of a name fails with errno 121 in
CREATE TABLE, ADD COLUMN and ADD CONSTRAINT, in whatever case, also where the table of the first was renamed
since (measured on 10.11). MySQL before 8.0.16 reads CHECKs and keeps none, so nothing is sure of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mrt_lint.ops.guard import DialectIs, tests_of
from mrt_lint.schema.dialects import FACTS, MYSQL, Dialect
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Table
from mrt_lint.schema.replacing import replace

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State

_SURE: Final[dict[Dialect, dict[str, bool]]] = {
    "mysql": {"foreign": True, "check": False},
    "mariadb": {"foreign": True},
}
"""Kinds of constraints whose names are unique in a database, and whether every version keeps to that."""

_NUMBERED: Final = "_ibfk_"
"""What stands in a name that InnoDB changes with that of its table, whoever gave it."""


def shares_names(dialect: Dialect, one: str, other: str) -> bool:
    """Returns whether two kinds of constraints of one table cannot have the same name.

    MySQL has a name space for each kind (manual 15.1.20, "each constraint type has its own namespace");
    MariaDB refuses a CHECK of the name of any other, and takes a UNIQUE and a FOREIGN KEY of one name
    (measured on 10.11). Of their indexes see `served.with_key_name_taken`.
    """
    if one == other or dialect not in MYSQL:
        return True
    return dialect == "mariadb" and "check" in (one, other)


def with_name_taken(state: State, op: Operation, table: Table, constraint: Constraint) -> State:
    """Returns the state with a fault where another table has a constraint of this name and kind."""
    kinds = _SURE.get(state.dialect, {})
    name = constraint.name
    if name is None or constraint.kind not in kinds or _NUMBERED in name or not _keeps(table):
        return state
    if state.dialect == "mysql" and op.sql and constraint.inline and constraint.kind == "foreign":
        return state  # passed over, see `with_reference`
    for other in state.tables():
        for twin in other.constraints:
            if twin.kind != constraint.kind or not _same(state, twin.name, name):
                continue
            if not _shares_names(state, table, other):
                continue
            known = not twin.assumed and not twin.automatic and twin.sure and state.is_there(other)
            sure = kinds[constraint.kind] and known and state.is_there(table) and _runs(op)
            only = f"a name that {FACTS[state.dialect].title} gives only once in a database"
            message = f"table {other.name} has a {constraint.word} {name} already, {only}"
            return state.fault(op, "taken", "constraint", f"{table.name}.{name}", message, sure)
    return state


def named_after(state: State, table: Table, new: Name) -> tuple[Constraint, ...]:
    """Returns a table's constraints as they are called once the table has another name.

    InnoDB calls a foreign key `<old>_ibfk_..` by the new name of its table, whoever named it, if the letters
    are the very same (MySQL manual 15.1.36; measured on MariaDB 10.11).
    """
    old = f"{table.name.name}{_NUMBERED}"
    if state.dialect not in MYSQL or not _keeps(table):
        return table.constraints
    return tuple(
        replace(one, name=f"{new.name}{_NUMBERED}{one.name.removeprefix(old)}")
        if one.kind == "foreign" and one.name is not None and one.name.startswith(old)
        else one
        for one in table.constraints
    )


def _same(state: State, one: str | None, other: str) -> bool:
    return one is not None and len(one) == len(other) and state.fold(one) == state.fold(other)


def _shares_names(state: State, table: Table, other: Table) -> bool:
    """Returns whether these are two tables of one database, both of which keep their constraints."""
    own, its = state.key("table", table.name), state.key("table", other.name)
    return own != its and own.schema == its.schema and _keeps(other)


def _runs(op: Operation) -> bool:
    """Returns whether nothing but the database decides on the operation."""
    return not op.conditional and all(isinstance(test.predicate, DialectIs) for test in tests_of(op.guard))


def _keeps(table: Table) -> bool:
    """Returns whether the table has its constraints under their names: not while a batch makes it anew.

    Other engines than InnoDB read foreign keys and keep none.
    """
    engine = dict(table.options).get("engine", "innodb")
    return engine.lower() == "innodb" and not table.temporary and table.rebuilding is None
