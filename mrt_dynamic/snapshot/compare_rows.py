"""Turns the difference between the rows of two moments into failures that name column and row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mrt_dynamic.results import Failure, Kind
from mrt_dynamic.snapshot.rows import Row, Rows, TableRows
from mrt_dynamic.snapshot.wording import shortened, value_of, value_pair
from mrt_lint.phrases import counted

_EXAMPLES = 3
_HELP = {
    Kind.ROWS_LOST: "keep what the upgrade removes, in a table of its own, for the downgrade to restore",
    Kind.ROWS_CHANGED: "keep what the upgrade overwrites elsewhere, for the downgrade to restore",
    Kind.ROWS_EXTRA: "delete in the downgrade the rows that the upgrade wrote",
    Kind.UNSEEDED: "what cannot be read cannot be verified: give the verifier's user the right to read it",
}


def row_failures(before: Rows, after: Rows) -> tuple[Failure, ...]:
    """Returns what of the rows before an upgrade is lost, changed or new after the downgrade, by table.

    Rows are matched by their primary key; without one, the columns whose values differ are named. A
    table that is gone is told once. One that could be read only once is `Kind.UNSEEDED`; one that
    could never be read is in `Rows.unreadable` of both, for the caller to judge.
    """
    found: list[Failure] = []
    others = [key for key, old in before.tables.items() if after.tables.get(key) is not old]
    for key in sorted({*others, *before.unreadable}):
        old, new = before.tables.get(key), after.tables.get(key)
        if old is None:
            if new is not None:
                found.append(_not_compared(str(new.name), f"before: {before.unreadable[key]}"))
        elif key in after.unreadable:
            found.append(_not_compared(str(old.name), f"after: {after.unreadable[key]}"))
        elif new is None:
            if old.total:
                found.append(_gone(old))
        else:
            found.extend(_table(old, new))
    return tuple(found)


def _failure(kind: Kind, text: str, table: TableRows, column: str | None = None) -> Failure:
    return Failure(kind, text, str(table.name), column, _HELP[kind])


def _not_compared(table: str, why: str) -> Failure:
    text = f"the rows of {table} could not be compared, they were not readable {shortened(why, 200)}"
    return Failure(Kind.UNSEEDED, text, table, None, _HELP[Kind.UNSEEDED])


def _gone(old: TableRows) -> Failure:
    rows = "its only row is" if old.total == 1 else f"all {old.total} rows are"
    return _failure(Kind.ROWS_LOST, f"{old.name}: {rows} gone with the table", old)


def _table(old: TableRows, new: TableRows) -> Iterator[Failure]:
    if old.digest or new.digest:
        yield from _large(old, new)
        return
    for column in old.columns:
        if column not in new.columns:
            held = sum(count for row, count in old.rows.items() if row[old.columns.index(column)] is not None)
            if held:
                values = "the value of 1 row is" if held == 1 else f"the values of {held} rows are"
                text = f"{old.name}.{column}: {values} gone with the column"
                yield _failure(Kind.ROWS_LOST, text, old, column)
    shared = tuple(column for column in old.columns if column in new.columns)
    was, now = _cut(old, shared), _cut(new, shared)
    if was == now:
        return
    yield from _Pair(old, shared, was - now, now - was).failures()


def _large(old: TableRows, new: TableRows) -> Iterator[Failure]:
    if old.columns != new.columns:
        text = f"{old.name}: {old.total} rows are too many to compare them while columns differ"
        yield Failure(Kind.UNSEEDED, text, str(old.name), None, "")
    elif new.total < old.total:
        text = f"{old.name}: {old.total - new.total} of {old.total} rows are gone"
        yield _failure(Kind.ROWS_LOST, text, old)
    elif new.total > old.total:
        text = f"{old.name}: {new.total - old.total} rows more than the {old.total} before the upgrade"
        yield _failure(Kind.ROWS_EXTRA, text, old)
    elif new.digest != old.digest:
        text = f"{old.name}: of its {old.total} rows some came back with other values"
        yield _failure(Kind.ROWS_CHANGED, text, old)


def _cut(table: TableRows, columns: Sequence[str]) -> Counter[Row]:
    """Returns the rows with these columns only."""
    if tuple(columns) == table.columns:
        return table.rows
    places = [table.columns.index(column) for column in columns]
    cut: Counter[Row] = Counter()
    for row, count in table.rows.items():
        cut[tuple(row[place] for place in places)] += count
    return cut


class _Pair:
    """The rows of a table that are only in the one moment, and those only in the other."""

    def __init__(
        self, table: TableRows, columns: tuple[str, ...], lost: Counter[Row], extra: Counter[Row]
    ) -> None:
        self.table, self.columns, self.lost, self.extra = table, columns, lost, extra
        self.places = [columns.index(column) for column in table.key if column in columns]
        if len(self.places) != len(table.key):
            self.places = []

    def failures(self) -> Iterator[Failure]:
        was, now = self._by_key(self.lost), self._by_key(self.extra)
        if was is None or now is None:
            yield from self._without_key()
            return
        both = [key for key in was if key in now]
        yield from self._changed([(was[key], now[key]) for key in both])
        lost = [was[key] for key in was if key not in now]
        extra = [now[key] for key in now if key not in was]
        if lost and self._rest(lost) == self._rest(extra):
            pairs = zip(sorted(lost, key=self._rest_of), sorted(extra, key=self._rest_of), strict=True)
            yield from self._changed(list(pairs))
            return
        yield from self._lost(len(lost), lost)
        yield from self._extra(len(extra), extra)

    def _by_key(self, rows: Counter[Row]) -> dict[Row, Row] | None:
        """Returns the rows by their key, sorted; None if no key tells them apart."""
        if not self.places or any(count > 1 for count in rows.values()):
            return None
        found = {self._key_of(row): row for row in rows}
        if len(found) != len(rows):
            return None
        return {key: found[key] for key in sorted(found, key=_order)}

    def _key_of(self, row: Row) -> Row:
        return tuple(row[place] for place in self.places)

    def _rest_of(self, row: Row) -> list[tuple[bool, int, str]]:
        return _order(tuple(value for place, value in enumerate(row) if place not in self.places))

    def _rest(self, rows: list[Row]) -> list[list[tuple[bool, int, str]]]:
        return sorted(self._rest_of(row) for row in rows)

    def _changed(self, pairs: list[tuple[Row, Row]]) -> Iterator[Failure]:
        for place, column in enumerate(self.columns):
            differ = [(was, now) for was, now in pairs if was[place] != now[place]]
            if not differ:
                continue
            many = f"{len(differ)} of {counted(self.table.total, 'row')}"
            if all(now[place] is None for _, now in differ):
                text = f"{self.table.name}.{column}: {many} came back as NULL"
                examples = [f"{self._named(was)} was {_short(was[place])}" for was, _ in differ]
            else:
                text = f"{self.table.name}.{column}: {many} came back with another value"
                examples = []
                for was, now in differ[:_EXAMPLES]:
                    one, other = value_pair(value_of(was[place]), value_of(now[place]))
                    examples.append(f"{self._named(was)} was {one}, is {other}")
            text += f" ({'; '.join(examples[:_EXAMPLES])})"
            yield _failure(Kind.ROWS_CHANGED, text, self.table, column)

    def _named(self, row: Row) -> str:
        parts = (f"{self.columns[place]} {_short(row[place])}" for place in self.places)
        return ", ".join(parts)

    def _lost(self, number: int, rows: list[Row]) -> Iterator[Failure]:
        if number:
            verb = "is" if number == 1 else "are"
            text = f"{self.table.name}: {number} of {counted(self.table.total, 'row')} {verb} gone"
            yield _failure(Kind.ROWS_LOST, text + self._examples(rows), self.table)

    def _extra(self, number: int, rows: list[Row]) -> Iterator[Failure]:
        if number:
            verbs = ("is", "was") if number == 1 else ("are", "were")
            text = f"{self.table.name}: {counted(number, 'row')} {verbs[0]} there"
            text += f" that {verbs[1]} not before the upgrade"
            yield _failure(Kind.ROWS_EXTRA, text + self._examples(rows), self.table)

    def _examples(self, rows: list[Row]) -> str:
        if self.places:
            named = [self._named(row) for row in rows[:_EXAMPLES]]
        else:
            named = [f"({', '.join(_short(value) for value in row)})" for row in rows[:_EXAMPLES]]
        more = len(rows) - len(named)
        return f" ({'; '.join(named)}{f' and {more} more' if more else ''})"

    def _without_key(self) -> Iterator[Failure]:
        gone, new = sum(self.lost.values()), sum(self.extra.values())
        lost = sorted(self.lost.elements(), key=_order)
        extra = sorted(self.extra.elements(), key=_order)
        if gone != new:
            # As many as there are of both may be the same rows with other values.
            if gone > new:
                yield from self._lost(gone - new, lost if not new else lost[:_EXAMPLES])
            else:
                yield from self._extra(new - gone, extra if not gone else extra[:_EXAMPLES])
        if not gone or not new:
            return
        total = counted(self.table.total, "row")
        named = False
        for place, column in enumerate(self.columns) if gone == new else ():
            was, now = Counter(row[place] for row in lost), Counter(row[place] for row in extra)
            if was == now:
                continue
            named = True
            number = sum((was - now).values())
            if set(now - was) == {None}:
                text = f"{self.table.name}.{column}: {number} of {total} came back as NULL"
            else:
                olds, news = sorted(was - now, key=value_of), sorted(now - was, key=value_of)
                one, other = value_pair(value_of(olds[0]), value_of(news[0]))
                text = f"{self.table.name}.{column}: {number} of {total} came back with another value"
                text += f" ({one} is gone, {other} is new)"
            yield _failure(Kind.ROWS_CHANGED, text, self.table, column)
        if not named:
            text = f"{self.table.name}: {min(gone, new)} of {total} came back with other values"
            yield _failure(Kind.ROWS_CHANGED, text + self._examples(lost), self.table)


def _short(value: str | None) -> str:
    return shortened(value_of(value), 40)


def _order(row: Row) -> list[tuple[bool, int, str]]:
    """Returns a key for sorting: NULL first, numbers by size (10 behind 9)."""
    return [
        (value is not None, len(value or "") if (value or "").isdigit() else 0, value or "") for value in row
    ]
