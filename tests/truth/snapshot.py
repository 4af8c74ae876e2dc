"""What a database holds at one moment, schema and rows, and the difference between two moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Subject = tuple[str, str]
"""Kind and name of an object: `("column", "users.phone")`."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """The rows of one table: the columns' names, sorted, and the rows as a multiset in that order."""

    columns: tuple[str, ...]
    rows: Counter[Row]

    def of(self, columns: tuple[str, ...]) -> Counter[Row]:
        """Returns the rows cut down to these columns."""
        places = [self.columns.index(column) for column in columns]
        cut: Counter[Row] = Counter()
        for row, count in self.rows.items():
            cut[tuple(row[place] for place in places)] += count
        return cut


@dataclass(frozen=True)
class Snapshot:
    """`schema`: every object with its definition, field by field; `rows`: table -> its contents.

    `positions`: sequences that belong to no column and where they stand. They are data: a number
    given out twice is as bad as a row lost. The sequence of a SERIAL column moves with every row
    that is inserted, so where it stands is not compared.
    """

    schema: Mapping[Subject, Mapping[str, str]]
    rows: Mapping[str, Contents]
    positions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One difference: an object `left`, `lost` or `changed`, or data that is `different`."""

    what: str
    kind: str
    name: str
    text: str
    data: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.text}"


def differences(old: Snapshot, new: Snapshot) -> list[Difference]:
    """Returns every difference between two moments, schema first, in a fixed order."""
    return [*_schema(old, new), *_rows(old, new), *_positions(old, new)]


def _schema(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    for subject in sorted({*old.schema, *new.schema}):
        kind, name = subject
        before, after = old.schema.get(subject), new.schema.get(subject)
        if before is None and after is not None:
            yield Difference("left", kind, name, f"is there now ({_words(after)})")
        elif before is not None and after is None:
            yield Difference("lost", kind, name, f"is gone (was {_words(before)})")
        elif before is not None and after is not None:
            for key in sorted({*before, *after}):
                if before.get(key) != after.get(key):
                    text = f"{key} was {before.get(key)!r}, is {after.get(key)!r}"
                    yield Difference("changed", kind, name, text)


def _rows(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    for table in sorted(old.rows):
        before, after = old.rows[table], new.rows.get(table)
        if after is None:
            if before.rows:
                yield Difference("different", "table", table, f"{before.rows.total()} rows are gone", True)
            continue
        shared = tuple(column for column in before.columns if column in after.columns)
        for column in before.columns:
            if column not in shared and before.rows:
                yield Difference("different", "column", f"{table}.{column}", "its contents are gone", True)
        was, now = before.of(shared), after.of(shared)
        if was == now:
            continue
        if was.total() != now.total():
            text = f"had {was.total()} rows, has {now.total()}"
            yield Difference("different", "table", table, text, True)
            continue
        named = False
        for column in shared:
            one, other = before.of((column,)), after.of((column,))
            if one != other:
                named = True
                text = f"contents were {_values(one)}, are {_values(other)}"
                yield Difference("different", "column", f"{table}.{column}", text, True)
        if not named:
            yield Difference("different", "table", table, "its values stand in other rows", True)


def _positions(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    for name in sorted(old.positions):
        before, after = old.positions[name], new.positions.get(name)
        if after is not None and before != after:
            yield Difference("different", "sequence", name, f"stood at {before}, stands at {after}", True)


def _words(definition: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in definition.items() if value) or "no more to say"


def _values(column: Counter[Row]) -> str:
    return ", ".join(sorted(row[0] for row in column.elements()))
