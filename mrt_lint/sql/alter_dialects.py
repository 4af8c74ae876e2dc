"""ALTER TABLE actions of MySQL, Oracle and SQL Server that the others do not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.ops.alter import AlterColumnType, SetDefault, SetNullable
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import RedefineColumn
from mrt_lint.ops.constraints import AddConstraint
from mrt_lint.ops.tables import SetTableComment
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.sql.action import Action, Lowering
from mrt_lint.sql.alter_options import nothing
from mrt_lint.sql.columns import read_column, split_position
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.tokens import TokenReader


def _modify(action: Action) -> Iterator[Operation]:
    """MySQL's MODIFY redefines a column; Oracle's changes what it names."""
    reader = action.reader
    if action.statement.dialect == "oracle":
        parts = reader.parens().split() if reader.at("(") else [reader.rest()]
        for part in parts:
            yield from _oracle_modify(action, part)
        return
    conditional = reader.conditional()
    name = reader.identifier()
    yield from _redefine(action, name, name, conditional)


def _change(action: Action) -> Iterator[Operation]:
    reader = action.reader
    conditional = reader.conditional()
    name = reader.identifier()
    yield from _redefine(action, name, reader.identifier(), conditional)


def _redefine(action: Action, name: str, new: str, conditional: bool) -> Iterator[Operation]:
    if action.statement.dialect not in MYSQL:
        raise action.reader.trouble("not understood")
    found = read_column(split_position(action.reader), new)
    yield action.make(
        RedefineColumn,
        name=name,
        column=found.column,
        new_name=new if new != name else None,
        conditional=conditional,
    )
    for constraint in found.constraints:
        yield action.make(AddConstraint, constraint=constraint)


def _oracle_modify(action: Action, part: TokenReader) -> Iterator[Operation]:
    found = read_column(part)
    part.end()
    column = found.column
    if "type" in found.said:
        yield action.make(AlterColumnType, name=column.name, type=column.type)
    if "default" in found.said:
        yield action.make(SetDefault, name=column.name, default=column.default)
    if "nullable" in found.said:
        yield action.make(SetNullable, name=column.name, nullable=column.nullable)
    for constraint in found.constraints:
        yield action.make(AddConstraint, constraint=constraint)


def _comment(action: Action) -> Iterator[Operation]:
    action.reader.take("=")
    yield action.make(SetTableComment, comment=action.reader.string() or None)


def _charset(action: Action) -> Iterator[Operation]:
    """[DEFAULT] CHARACTER SET x COLLATE y: for columns that are added later."""
    reader = action.reader
    reader.take("=")
    yield action.option("charset", reader.next().text.lower())
    if reader.take("COLLATE"):
        reader.take("=")
        yield action.option("collate", reader.next().text.lower())


def _convert(action: Action) -> Iterator[Operation]:
    """CONVERT TO CHARACTER SET rewrites every text of the table; what it cannot say becomes `?`."""
    raise NotUnderstoodError("CONVERT TO CHARACTER SET may change the text of every column")
    yield


def _assigned(option: str) -> Lowering:
    def lower(action: Action) -> Iterator[Operation]:
        action.reader.take("=")
        yield action.option(option, action.reader.next().text.lower())

    return lower


def _hint(action: Action) -> Iterator[Operation]:
    """ALGORITHM and LOCK say how, not what; AUTO_INCREMENT moves a counter that is not compared."""
    action.reader.take("=")
    action.reader.next()
    return iter(())


def _index_visibility(action: Action) -> Iterator[Operation]:
    reader = action.reader
    name = reader.identifier()
    value = reader.expect("VISIBLE", "INVISIBLE", "IGNORED", "NOT IGNORED").lower()
    yield action.option(f"visibility of index {name}", None if value in ("visible", "not ignored") else value)


def _check_state(value: bool) -> Lowering:
    """SQL Server's CHECK / NOCHECK CONSTRAINT."""

    def lower(action: Action) -> Iterator[Operation]:
        yield action.option(f"constraint {action.reader.identifier()} checked", None if value else "false")

    return lower


def _mysql_alter_check(action: Action) -> Iterator[Operation]:
    name = action.reader.identifier()
    value = action.reader.expect("ENFORCED", "NOT ENFORCED")
    yield action.option(f"constraint {name} checked", None if value == "ENFORCED" else "false")


ACTIONS: Final[dict[str, Lowering]] = {
    "MODIFY": _modify,
    "MODIFY COLUMN": _modify,
    "CHANGE": _change,
    "CHANGE COLUMN": _change,
    "COMMENT": _comment,
    "CHARACTER SET": _charset,
    "CHARSET": _charset,
    "DEFAULT CHARACTER SET": _charset,
    "DEFAULT CHARSET": _charset,
    "DEFAULT COLLATE": _assigned("collate"),
    "COLLATE": _assigned("collate"),
    "CONVERT TO": _convert,
    "ENGINE": _assigned("engine"),
    "ROW_FORMAT": _assigned("row_format"),
    "KEY_BLOCK_SIZE": _assigned("key_block_size"),
    "AUTO_INCREMENT": _hint,
    "STATS_PERSISTENT": _assigned("stats_persistent"),
    "ALGORITHM": _hint,
    "LOCK": _hint,
    "FORCE": nothing,
    "DISABLE KEYS": nothing,
    "ENABLE KEYS": nothing,
    "ORDER BY": nothing,
    "WAIT": _hint,
    "NOWAIT": nothing,
    "ALTER INDEX": _index_visibility,
    "ALTER CHECK": _mysql_alter_check,
    "CHECK CONSTRAINT": _check_state(True),
    "NOCHECK CONSTRAINT": _check_state(False),
}
