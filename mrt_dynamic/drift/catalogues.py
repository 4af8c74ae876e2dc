"""Both schemas as the catalogues of one database have them: what Alembic misses, and what is no drift.

They are compared as two moments of a migration are. Types, generated columns, identities, details of keys
and indexes that Alembic passes over are told; what only looks different to it (another word for the same
type, a schema that is the default one) is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.drift.words import DATABASE_ALONE, MODELS_ALONE, Drift
from mrt_dynamic.snapshot.reading import OF
from mrt_dynamic.snapshot.wording import Moments, changed, definition_of, subject_of
from mrt_lint.replay.differences import Difference, differences, structure
from mrt_lint.roundtrip import GIVEN_NAME
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Constraint, EnumType, Index
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.schema.objects import Table
    from mrt_lint.schema.state import State

DRIFT: Final = Moments("in the models", MODELS_ALONE, "in the database")

Keep = Callable[[Difference], bool]
"""Whether the project wants an index or constraint that only the database has compared at all."""

_WORDS: Final = {
    "type": "modify_type",
    "nullable": "modify_nullable",
    "comment": "modify_comment",
    "default": "modify_default",
}
"""Fields of a column that Alembic compares, with its word for their difference."""

_FIELDS: Final = {kind: field for field, kind in _WORDS.items()}
_PARTS: Final = ("index", "unique constraint", "foreign key", "exclusion")
_NAMES: Final = ("name", GIVEN_NAME)
_ELSEWHERE: Final = ("default", *_NAMES)
"""Told by drift/structure.py; names that only one of the two sides gives are no difference."""

_EXACT: Final = ("postgresql", "mysql", "mariadb", "sqlite")
"""Databases whose catalogues are read by queries of our own, to the last detail."""


class Catalogues:
    """The differences between the migrated schema and that of the models."""

    def __init__(self, database: State, models: State) -> None:
        self.database, self.models = database, models
        self.all = [one for one in differences(database, models) if not _implied(one)]

    def confirmed(self, drift: Drift) -> bool:
        """Returns whether the catalogues differ where Alembic says that models and database do."""
        place = self.place(drift)
        if self.database.dialect not in _EXACT or place is None:
            return True
        field = _FIELDS.get(drift.kind)
        if field is not None:
            return any(
                (one.kind, one.field) == ("column", field) and self._is(one, place, drift.column)
                for one in self.all
            )
        if drift.columns is not None:
            return any(self._names(drift, one) for one in self.all)
        return True

    def unseen(self, tables: Iterable[Name], told: Sequence[Drift], keep: Keep) -> Iterator[Drift]:
        """Yields the differences in what both schemas have of these tables that are not `told`, by table."""
        wanted = {self.database.key("table", name) for name in tables}
        for one in self.all:
            if one.kind == "sequence" and one.how == "left" and one.new is None:  # it belongs to no column
                yield Drift("add_sequence", f"{subject_of(one)} {DRIFT.left}")
            elif one.table is None or self.database.key("table", one.table) not in wanted:
                continue
            elif one.kind == "column" and one.how == "changed":
                yield from self._column(one, told)
            elif one.kind == "table" and one.field == "options":
                yield from self._facts(one)
            elif one.kind in _PARTS:
                yield from self._part(one, told, keep)

    def place(self, drift: Drift) -> Key | None:
        """Returns where a State keeps the table that a difference is about, None if it is about none."""
        if drift.table is None:
            return None
        return self.database.key("table", Name(*reversed(drift.table.rsplit(".", 1))))

    def _is(self, one: Difference, place: Key | None, column: str | None) -> bool:
        """Returns whether a difference is about this column."""
        fold = self.database.fold
        return (
            one.table is not None
            and self.database.key("table", one.table) == place
            and column is not None
            and one.part is not None
            and fold(one.part) == fold(column)
        )

    def _column(self, one: Difference, told: Sequence[Drift]) -> Iterator[Drift]:
        if one.field in _ELSEWHERE or self._same_enum(one.old, one.new):
            return
        kind = _WORDS.get(one.field, f"modify_{one.field}")
        if not any(each.kind == kind and self._is(one, self.place(each), each.column) for each in told):
            yield Drift(kind, _said(one), str(one.table), one.part)

    def _same_enum(self, old: Any, new: Any) -> bool:
        """Returns whether both are the same enum type, whose labels are compared by themselves."""
        if not isinstance(old, SqlType) or not isinstance(new, SqlType):
            return False
        found = self.database.get("type", Name(old.name, old.schema))
        return isinstance(found, EnumType) and (old.name, old.schema) == (new.name, new.schema)

    def _part(self, one: Difference, told: Sequence[Drift], keep: Keep) -> Iterator[Drift]:
        """Yields the difference of an index or a key."""
        if one.field in _ELSEWHERE or self._stated_twice(one):
            return
        if any(self._names(each, one) for each in told):
            return
        kind, table = one.kind.replace(" ", "_"), str(one.table)
        if one.how == "changed":
            yield Drift(f"modify_{kind}", _said(one), table, name=one.part)
        elif one.how == "left":
            yield Drift(f"add_{kind}", f"{_defined(one, one.new)} {DRIFT.left}", table, name=one.part)
        elif one.how == "lost" and keep(one):
            yield Drift(f"remove_{kind}", f"{_defined(one, one.old)} {DATABASE_ALONE}", table, name=one.part)

    def _stated_twice(self, one: Difference) -> bool:
        """Returns whether one side has a key more often than the other, which has it too."""
        part, other = (one.new, self.database) if one.how == "left" else (one.old, self.models)
        table = other.table(one.table) if one.table is not None else None
        if one.how not in ("left", "lost") or not isinstance(part, Constraint) or table is None:
            return False
        return any(structure(other, each) == structure(other, part) for each in table.constraints)

    def _names(self, drift: Drift, one: Difference) -> bool:
        """Returns whether Alembic speaks of this index or key: by its name, or by its columns."""
        if drift.columns is None or one.table is None or one.kind not in _PARTS:
            return False
        if self.place(drift) != self.database.key("table", one.table):
            return False
        fold = self.database.fold
        if drift.name is not None and fold(drift.name) in {
            fold(name) for name in (one.part, *((one.old, one.new) if one.field in _NAMES else ())) if name
        }:
            return True
        columns = [
            tuple(map(fold, each.columns or ()))
            for each in (one.old, one.new)
            if isinstance(each, Constraint | Index)
        ]
        return tuple(map(fold, drift.columns)) in columns

    def _facts(self, one: Difference) -> Iterator[Drift]:
        """Yields the options of a table that differ, but for those of a part that only one side has.

        What the models say nothing of is the migrations' own affair: privileges, row security, storage.
        """
        assert one.table is not None
        both = _common(self.database.table(one.table), self.models.table(one.table))
        old, new = dict(one.old or ()), dict(one.new or ())
        for fact in sorted(new):
            what, _, part = fact.partition(OF)
            name = part.removeprefix("primary ").partition(" ")[2]
            if new.get(fact) in (None, old.get(fact)) or (part and name not in both):
                continue
            subject = f"{one.table}.{name}" if part.startswith("column ") else f"{part} on {one.table}"
            message = changed(subject if part else subject_of(one), what, old.get(fact), new.get(fact), DRIFT)
            yield Drift("modify_option", message, str(one.table), name or None)


def _implied(one: Difference) -> bool:
    """Returns whether it is about an index that MySQL has made for a foreign key by itself."""
    return any(isinstance(each, Index) and each.implied for each in (one.old, one.new))


def _common(one: Table | None, other: Table | None) -> set[str]:
    """Returns the names of the columns and constraints that both have."""
    found = [
        {column.name for column in table.columns.values()}
        | {constraint.name for constraint in table.constraints if constraint.name}
        for table in (one, other)
        if table is not None
    ]
    return set.intersection(*found) if len(found) == 2 else set()


def _defined(one: Difference, part: Any) -> str:
    """Returns an index or a key with its definition."""
    named = subject_of(one) if part.name else f"{one.kind} on {one.table}"
    return f"{named} {definition_of(part)}".rstrip()


def _said(one: Difference) -> str:
    return changed(subject_of(one), one.field, one.old, one.new, DRIFT)
