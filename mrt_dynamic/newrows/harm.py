"""What a downgrade that went through did to old rows, and without a word to new ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.newrows.values import same, text_of_literal, text_of_value
from mrt_dynamic.snapshot.wording import shortened, value_of
from mrt_lint.phrases import counted

if TYPE_CHECKING:
    from mrt_dynamic.newrows.placing import Placed
    from mrt_dynamic.snapshot.rows import Row, Rows, TableRows
    from mrt_dynamic.verify.lookout import Moment
    from mrt_lint.schema.names import Key

_TELLING: Final = 3
"""Characters from which on a text that two rows share is no accident."""
_OPAQUE: Final = re.compile(r"\s*(do|call|exec|execute)\b")
_CHOOSING: Final = re.compile(
    r"\s*(?:(?:delete|merge|with)\b.*\bwhere\b|(?:insert|create)\b.*\bselect\b.*\bwhere\b)", re.DOTALL
)


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Yields the statements, in small letters, that SQLAlchemy runs meanwhile."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        heard.append(statement.lower())

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def old_rows(before: Rows, after: Rows, placed: Sequence[Placed]) -> Iterator[str]:
    """Yields what happened to rows that were there before the upgrade; new ones besides do not count.

    An old row that came back with other values does not count if a new row of another table tells of
    it: then the new code changed what the row says.
    """
    for key, old in sorted(before.tables.items()):
        new = after.tables.get(key)
        if new is None:
            if old.total:
                yield f"the rows of {old.name} are gone"
            continue
        if new is old or old.digest or new.digest or old.columns != new.columns:
            continue
        lost, extra = old.rows - new.rows, new.rows - old.rows
        told = [_texts(each) for each in placed if str(each.relaxation.table) != str(old.name)]
        news = _by_key(new, extra)
        gone, changed = [], []
        for row in sorted(lost.elements(), key=repr):
            now = news.get(_key(old, row)) if old.key else None
            if now is None:
                gone.append(row)
            elif not any(_tells(texts, old, row) for texts in told):
                changed.append((row, now))
        if gone:
            named = _named(old, gone[0])
            yield f"{len(gone)} of {counted(old.total, 'row')} of {old.name} from before are gone ({named})"
        if changed:
            row, now = changed[0]
            place = next(place for place, value in enumerate(row) if value != now[place])
            was, is_ = shortened(value_of(row[place]), 40), shortened(value_of(now[place]), 40)
            yield (
                f"{len(changed)} of {counted(old.total, 'row')} of {old.name} from before are changed"
                f" ({_named(old, row)}: {old.columns[place]} was {was}, is {is_})"
            )


def _texts(placed: Placed) -> frozenset[str]:
    return frozenset(text_of_value(value) for value in placed.values.values() if value is not None)


def _tells(texts: frozenset[str], table: TableRows, row: Row) -> bool:
    """Returns whether a new row holds the key of an old one, or a text of it."""
    held = {column: text_of_literal(value) for column, value in zip(table.columns, row, strict=True) if value}
    if all(held.get(column) in texts for column in table.key):
        return True
    return any(len(text) >= _TELLING and not text.isdigit() and text in texts for text in held.values())


def _key(table: TableRows, row: Row) -> Row:
    return tuple(row[table.columns.index(column)] for column in table.key)


def _by_key(table: TableRows, rows: Counter[Row]) -> dict[Row, Row]:
    return {_key(table, row): row for row in rows} if table.key else {}


def _named(table: TableRows, row: Row) -> str:
    columns = table.key or table.columns
    pairs = zip(columns, _key(table, row) if table.key else row, strict=True)
    return ", ".join(f"{column} {shortened(value_of(value), 40)}" for column, value in pairs)


def new_rows(
    before: Moment, filled: Moment, after: Moment, placed: Sequence[Placed], said: Collection[str]
) -> Iterator[tuple[Placed, str]]:
    """Yields the new rows that the downgrade harmed though nothing in it says that it means to.

    A row that the old schema admits as well is gone; or the database made another value of one that
    the old type does not hold. `filled`: the moment with the new rows, before the downgrade; what cannot
    be made out there says nothing afterwards. `said`: the statements of the downgrade. What they choose
    or rewrite in words is the author's decision.
    """
    opaque = any(_OPAQUE.match(statement) for statement in said)
    if opaque:
        return
    choosing = any(_CHOOSING.match(statement) for statement in said)
    for each in placed:
        there, found = _found(filled, each), _found(after, each)
        old = before.schema.table(each.relaxation.table)
        new = after.schema.table(each.relaxation.table)
        if found is None or old is None or new is None or not each.key:
            continue
        if there is None or there[1] is None:
            continue
        written = _held(filled, there[0], there[1])
        table, row = found
        if row is None:
            same_key = all(
                name in old.columns
                and name in new.columns
                and old.columns[name].type == new.columns[name].type
                for name in each.key
            )
            if each.relaxation.plain and same_key and not choosing:
                yield each, f"the row is gone after the downgrade, though {old.name} admits it"
            continue
        for name in each.relaxation.values:
            column = before.schema.fold(name)
            value = each.values.get(column)
            now = _held(before, table, row).get(column)
            # A NULL that became something, or something that became NULL, was so ordered or fits.
            if value is None or now is None or now == written.get(column) or same(value, now):
                continue
            if _rewritten(column, said) or _relabelled(str(value), said):
                continue
            yield each, f"the downgrade silently makes {name} = {shortened(value_of(now), 40)} of it"


def _held(moment: Moment, table: TableRows, row: Row) -> dict[str, str | None]:
    return dict(zip(map(moment.schema.fold, table.columns), row, strict=True))


def _found(after: Moment, placed: Placed) -> tuple[TableRows, Row | None] | None:
    """Returns the rows of the table and, among them, the row that was placed; None without a table."""
    key: Key = after.schema.key("table", placed.relaxation.table)
    table = after.rows.tables.get(key)
    if table is None or table.digest or len(table.key) != len(placed.key):
        return None
    names = [after.schema.fold(column) for column in table.key]
    if set(names) != placed.key.keys():
        return None
    wanted = [placed.key[name] for name in names]
    for row in table.rows:
        pairs = zip(wanted, _key(table, row), strict=True)
        if all(value is not None and same(one, value) for one, value in pairs):
            return table, row
    return table, None


def _rewritten(column: str, said: Collection[str]) -> bool:
    """Returns whether a statement says what becomes of the column's values.

    That a batch of Alembic copies them into a new table, cast to its type, says nothing.
    """
    word = re.compile(rf"\b{re.escape(column)}\b")
    for statement in said:
        if not word.search(statement):
            continue
        start = statement.lstrip()
        if start.startswith(("update", "merge", "with")) or re.search(r"\busing\b", statement):
            return True
        if "select" in statement and not start.startswith("select") and "_alembic_tmp_" not in statement:
            return True
    return False


def _relabelled(label: str, said: Collection[str]) -> bool:
    """Returns whether a statement renames a label of an enum type, and with it every row that has it."""
    renaming = re.compile(rf"\brename\s+value\s+'{re.escape(label.lower().replace(chr(39), chr(39) * 2))}'")
    return any(renaming.search(statement) for statement in said)
